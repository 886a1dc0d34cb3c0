// What all tests here share: a fresh account with the two SDK clients, words for things, groups and jobs, and waiting.
import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { IoT } from '@aws-sdk/client-iot';
import { IoTJobsDataPlane } from '@aws-sdk/client-iot-jobs-data-plane';

export const url = (process.env.EMULATOR_URL ?? 'http://127.0.0.1:8080').replace(/\/+$/, '');
export const region = process.env.AWS_REGION ?? 'us-west-2';

/** An access key id of twelve digits is an account: each test takes a new one and finds nothing of the others. */
export function account({ region: where = region, maxAttempts } = {}) {
  const id = String(Math.floor(1e11 + Math.random() * 9e11));
  const settings = (endpoint) => ({ endpoint, region: where, credentials: { accessKeyId: id, secretAccessKey: 'any' }, ...(maxAttempts && { maxAttempts }) });
  const iot = new IoT(settings(url));
  const deviceAt = (endpoint) => new IoTJobsDataPlane(settings(endpoint));
  const arn = (resource) => `arn:aws:iot:${where}:${id}:${resource}`;

  return {
    id,
    iot,
    arn,
    deviceAt,
    /** The device's side, told apart by the signature alone: the same endpoint as the control plane's. */
    device: deviceAt(url),

    things: (...names) => inBatches(names, (thingName) => iot.createThing({ thingName })),

    async group(thingGroupName, { parent, things = [] } = {}) {
      const created = await iot.createThingGroup({ thingGroupName, parentGroupName: parent });
      await inBatches(things, (thingName) => iot.addThingToThingGroup({ thingGroupName, thingName }));
      return created;
    },

    /** Targets in short: 'thing/pump-1', 'thinggroup/pumps'. */
    job: (jobId, targets, more = {}) =>
      iot.createJob({ jobId, targets: [targets].flat().map(arn), document: '{"operation":"install"}', ...more }),

    /** Where the executions of a job stand, in short: { 'pump-1': 'QUEUED' }; the newest of each thing. */
    async standing(jobId) {
      const { executionSummaries } = await iot.listJobExecutionsForJob({ jobId });
      const newest = new Map();
      for (const { thingArn, jobExecutionSummary } of executionSummaries) {
        const seen = newest.get(thingArn);
        if (!seen || seen.executionNumber < jobExecutionSummary.executionNumber) newest.set(thingArn, jobExecutionSummary);
      }
      return Object.fromEntries([...newest].map(([thing, { status }]) => [thing.split('thing/')[1], status]).sort());
    },

    /** The counters that are not zero: { Queued: 2, Succeeded: 1 }. */
    async counts(jobId) {
      const { job } = await iot.describeJob({ jobId });
      const counters = Object.entries(job.jobProcessDetails).filter(([name, value]) => name.startsWith('numberOf') && value !== 0);
      return Object.fromEntries(counters.map(([name, value]) => [name.slice('numberOf'.length, -'Things'.length), value]));
    },
  };
}

/** One of the emulator's own endpoints. */
export async function emulator(method, path, body) {
  const answer = await fetch(`${url}/_emulator${path}`, {
    method,
    headers: body && { 'content-type': 'application/json' },
    body: body && JSON.stringify(body),
  });
  const text = await answer.text();
  assert.ok(answer.ok, `${method} /_emulator${path} answered ${answer.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

/** Runs a story while the emulator's clock stands still; it moves only when the story says so. */
export async function withTheClockStopped(story) {
  await emulator('PUT', '/clock', { now: new Date().toISOString(), frozen: true });
  try {
    return await story({ pass: (by) => emulator('POST', '/clock/advance', { by }) });
  } finally {
    await emulator('PUT', '/clock', { now: new Date().toISOString(), frozen: false });
  }
}

/** Asks again until the answer is as expected; what comes of itself needs a moment. */
export async function eventually(expected, ask) {
  let answer;
  for (let tries = 0; tries < 200; tries++) {
    answer = await ask();
    try {
      return assert.deepEqual(answer, expected);
    } catch {
      await pause(50);
    }
  }
  assert.deepEqual(answer, expected, 'still not so after 200 tries');
}

/** The call is refused with this error of the service model: its name, its HTTP status, a message and a request id. */
export async function refused(call, name, status, message = /\S/) {
  const error = await call.then(
    (answer) => assert.fail(`expected ${name}, but was answered ${JSON.stringify(answer)}`),
    (thrown) => thrown,
  );
  assert.deepEqual([error.name, error.$metadata?.httpStatusCode], [name, status], error.message);
  assert.match(error.message, message);
  assert.match(error.$metadata.requestId ?? '', /\S/, 'x-amzn-RequestId is missing');
  return error;
}

export const isGone = (call) => refused(call, 'ResourceNotFoundException', 404);

/** The status of a job, or that it is gone. */
export const statusOf = (iot, jobId) =>
  iot.describeJob({ jobId }).then(
    ({ job }) => job.status,
    (error) => (error.name === 'ResourceNotFoundException' ? 'gone' : Promise.reject(error)),
  );

/** An answer without what the SDK adds to it. */
export function plain({ $metadata, ...answer }) {
  assert.equal($metadata.httpStatusCode, 200);
  return answer;
}

export const recent = (date) => date instanceof Date && Math.abs(date - Date.now()) < 60_000;

/** Data-plane times are whole seconds. */
export const recentSeconds = (seconds) => Number.isInteger(seconds) && recent(new Date(seconds * 1000));

async function inBatches(items, action, size = 25) {
  const answers = [];
  for (let start = 0; start < items.length; start += size)
    answers.push(...(await Promise.all(items.slice(start, start + size).map(action))));
  return answers;
}
