// The emulator as a client of an account sees it.
export const url = process.env.EMULATOR_URL;
export const region = 'us-west-2';

export class Account {
  constructor(id, at = url) {
    this.id = id;
    this.url = at;
    this.console = `${at}/_emulator/console/${id}/${region}`;
  }

  arn(resource) {
    return `arn:aws:iot:${region}:${this.id}:${resource}`;
  }

  async call(method, path, body, service = 'iot') {
    const answer = await fetch(this.url + path, {
      method,
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: { Authorization: `AWS4-HMAC-SHA256 Credential=${this.id}/20260101/${region}/${service}/aws4_request, SignedHeaders=host, Signature=0` },
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  device(method, path, body) {
    return this.call(method, path, body, 'iot-jobs-data');
  }

  createThing(name) {
    return this.call('POST', `/things/${name}`, {});
  }

  /** Makes count things, pump-1 and so on, all in the group fleet. */
  createFleet(count) {
    return this.call('POST', '/_emulator/seed', {
      calls: [
        { operation: 'CreateThingGroup', input: { thingGroupName: 'fleet' } },
        { repeat: count, operation: 'CreateThing', input: { thingName: 'pump-${n}' } },
        { repeat: count, operation: 'AddThingToThingGroup', input: { thingGroupName: 'fleet', thingName: 'pump-${n}' } },
      ],
    });
  }

  createJob(jobId, targets, more = {}) {
    return this.call('PUT', `/jobs/${jobId}`, { targets: targets.map(target => this.arn(target)), document: '{"operation":"update"}', ...more });
  }
}

export const reset = () => fetch(`${url}/_emulator/reset`, { method: 'POST' });

/** Calls a function for 1 to count, some at a time. */
export async function many(count, call, atOnce = 32) {
  let next = 1;
  await Promise.all(Array.from({ length: atOnce }, async () => {
    while (next <= count) await call(next++);
  }));
}
