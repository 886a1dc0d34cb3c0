// Faults as the SDK meets them with its own retries, and the journal of requests beside what it did.
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { account, emulator, refused } from './emulator.mjs';

after(() => emulator('DELETE', '/faults'));

const fault = (home, rule) => emulator('POST', '/faults', { account: home.id, ...rule });
const asked = async (home, operation) =>
  (await emulator('GET', `/requests?operation=${operation}&account=${home.id}`)).requests.map(({ status, error, fault }) => [status, error, fault?.effect]);

test('A throttled client tries again', async () => {
  const home = account({ maxAttempts: 3 });
  await fault(home, { operation: 'CreateThing', error: 'ThrottlingException', times: 2 });
  const { $metadata } = await home.iot.createThing({ thingName: 'pump-1' });
  assert.equal($metadata.attempts, 3);
  const throttled = [400, 'ThrottlingException', 'error ThrottlingException'];
  assert.deepEqual(await asked(home, 'CreateThing'), [throttled, throttled, [200, undefined, undefined]]);
});

test('A lost answer makes a client create a job twice', async () => {
  const home = account({ maxAttempts: 3 });
  await home.things('pump-1');
  await fault(home, { operation: 'CreateJob', drop: 'after', times: 1 });
  await refused(home.job('install', 'thing/pump-1', { document: '{"operation":"other"}' }), 'ResourceAlreadyExistsException', 409);
  assert.deepEqual((await home.iot.listJobs({})).jobs.map((job) => job.jobId), ['install']);
  assert.deepEqual(await asked(home, 'CreateJob'), [[undefined, undefined, 'drop after'], [409, 'ResourceAlreadyExistsException', undefined]]);
});

test('A stale version leaves the execution as it is', async () => {
  const home = account();
  const execution = { thingName: 'pump-1', jobId: 'install' };
  await home.things('pump-1');
  await home.job('install', 'thing/pump-1');
  await fault(home, { operation: 'UpdateJobExecution', error: 'VersionConflictException', times: 1 });
  await refused(home.device.updateJobExecution({ ...execution, status: 'SUCCEEDED' }), 'InvalidStateTransitionException', 409);
  assert.deepEqual(await home.standing('install'), { 'pump-1': 'QUEUED' });
  await home.device.updateJobExecution({ ...execution, status: 'SUCCEEDED' });
});
