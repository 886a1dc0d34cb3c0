// What all tests here share: where the emulator is, a fresh thing with jobs for it, and waiting.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

export const url = (process.env.EMULATOR_URL ?? 'http://127.0.0.1:8080').replace(/\/+$/, '');
export const http = new URL(url);
export const ports = {
  mqtt: Number(process.env.EMULATOR_MQTT_PORT ?? 1883),
  mqtts: Number(process.env.EMULATOR_MQTTS_PORT ?? 8883),
  https: Number(process.env.EMULATOR_HTTPS_PORT ?? 8443),
};

/** The certificate to trust, as text and as a file. */
export const ca = await (await fetch(`${url}/_emulator/ca.pem`)).text();
export const folder = mkdtempSync(join(tmpdir(), 'iot-jobs-devices-'));
export const caFile = join(folder, 'ca.pem');
writeFileSync(caFile, ca);

/** A device's own certificate: any will do. */
export const [certificate, key] = [join(folder, 'device.pem'), join(folder, 'device.key')];
execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=pump-1'], { stdio: 'ignore' });

export async function call(method, path, body) {
  const answer = await fetch(url + path, { method, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} ${path} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}

let things = 0;

/** A new thing, its topics, and jobs for it. */
export async function newThing() {
  const name = `pump-${process.pid}-${++things}-${Date.now()}`;
  const { thingArn } = await call('POST', `/things/${name}`, {});
  return {
    name,
    topic: (rest) => `$aws/things/${name}/jobs/${rest}`,
    async job(jobId = `job-${name}`) {
      await call('PUT', `/jobs/${jobId}`, { targets: [thingArn], document: '{"operation":"install","version":2}' });
      return jobId;
    },
    status: async (jobId) => (await call('GET', `/jobs/${jobId}`)).job.status,
  };
}

/** Asks again until it is so. */
export async function eventually(what, isSo) {
  for (let tries = 0; tries < 400; tries++) {
    if (await isSo()) return;
    await pause(25);
  }
  assert.fail(`not within ten seconds: ${what}`);
}

/** What comes on topics, for whoever waits for it. */
export function inbox() {
  const heard = [];
  return {
    heard,
    put: (topic, payload) => heard.push({ topic, payload: JSON.parse(Buffer.from(payload).toString() || 'null') }),
    async next(topic) {
      let found;
      await eventually(`a message on ${topic}; heard ${JSON.stringify(heard)}`, () => (found = heard.findIndex((message) => message.topic === topic)) >= 0);
      return heard.splice(found, 1)[0].payload;
    },
  };
}

/** The loop of a device: told of a job, starts it, is refused a wrong version, reports, finishes; nothing is left. */
export async function loop(thing, { subscribe, publish, box }) {
  const on = thing.topic;
  for (const rest of ['notify-next', 'start-next/accepted', '+/update/accepted', '+/update/rejected', '$next/get/accepted']) await subscribe(on(rest));
  const jobId = await thing.job();
  const told = await box.next(on('notify-next'));
  assert.deepEqual([told.execution.jobId, told.execution.status, told.execution.jobDocument], [jobId, 'QUEUED', { operation: 'install', version: 2 }]);

  await publish(on('start-next'), { clientToken: 'start' });
  const started = await box.next(on('start-next/accepted'));
  assert.deepEqual([started.clientToken, started.execution.status, started.execution.versionNumber], ['start', 'IN_PROGRESS', 2]);

  await publish(on(`${jobId}/update`), { status: 'IN_PROGRESS', expectedVersion: 9, clientToken: 'wrong' });
  const mismatch = await box.next(on(`${jobId}/update/rejected`));
  assert.deepEqual([mismatch.code, mismatch.clientToken, mismatch.executionState.versionNumber], ['VersionMismatch', 'wrong', 2]);

  await publish(on(`${jobId}/update`), { status: 'SUCCEEDED', expectedVersion: 2, clientToken: 'done', includeJobExecutionState: true });
  const done = await box.next(on(`${jobId}/update/accepted`));
  assert.deepEqual([done.clientToken, done.executionState.status], ['done', 'SUCCEEDED']);
  assert.deepEqual(Object.keys(await box.next(on('notify-next'))), ['timestamp']);

  await publish(on(`${jobId}/update`), { status: 'FAILED' });
  const late = await box.next(on(`${jobId}/update/rejected`));
  assert.deepEqual([late.code, late.executionState.status], ['InvalidStateTransition', 'SUCCEEDED']);

  await publish(on('$next/get'), {});
  assert.deepEqual(Object.keys(await box.next(on('$next/get/accepted'))), ['timestamp']);
  await eventually('the job is COMPLETED', async () => (await thing.status(jobId)) === 'COMPLETED');
}

/** A device that comes back is told what happened meanwhile, without subscribing again, and finishes the job. */
export async function missed(connect) {
  const thing = await newThing();
  const before = await connect(thing.name);
  await before.subscribe(thing.topic('notify-next'));
  await before.end();
  const jobId = await thing.job();
  const after = await connect(thing.name);
  assert.equal((await after.box.next(thing.topic('notify-next'))).execution.jobId, jobId);
  await after.publish(thing.topic(`${jobId}/update`), { status: 'SUCCEEDED' });
  await eventually('the job is COMPLETED', async () => (await thing.status(jobId)) === 'COMPLETED');
  await after.end();
}
