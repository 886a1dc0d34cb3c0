// Ending things early: cancelling and deleting jobs and single executions, with and without force.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, eventually, isGone, plain, refused, statusOf, withTheClockStopped } from './emulator.mjs';

/** A job on three things: pump-1 has not started, pump-2 is at it, pump-3 is done. */
async function halfDone({ description = 'half done' } = {}) {
  const home = account();
  await home.things('pump-1', 'pump-2', 'pump-3');
  await home.job('update', ['thing/pump-1', 'thing/pump-2', 'thing/pump-3'], { description });
  const report = (thingName, status, more) => home.device.updateJobExecution({ thingName, jobId: 'update', status, ...more });
  await report('pump-2', 'IN_PROGRESS', { statusDetails: { step: 'download' } });
  await report('pump-3', 'SUCCEEDED');
  const execution = async (thingName) => (await home.iot.describeJobExecution({ thingName, jobId: 'update' })).execution;
  return { ...home, report, execution };
}

const of = (thingName, more) => ({ thingName, jobId: 'update', ...more });
const invalidState = (call) => refused(call, 'InvalidStateTransitionException', 409);

test('Cancelling a job cancels what has not started and lets the rest finish', async () => {
  const { iot, arn, standing, counts, report, execution } = await halfDone();

  const answer = plain(await iot.cancelJob({ jobId: 'update', reasonCode: 'WRONG_VERSION', comment: 'größer 🚀' }));
  assert.deepEqual(answer, { jobArn: arn('job/update'), jobId: 'update', description: 'half done' });

  const { job } = await iot.describeJob({ jobId: 'update' });
  assert.deepEqual([job.status, job.reasonCode, job.comment, job.forceCanceled ?? false], ['CANCELED', 'WRONG_VERSION', 'größer 🚀', false]);
  await eventually({ 'pump-1': 'CANCELED', 'pump-2': 'IN_PROGRESS', 'pump-3': 'SUCCEEDED' }, () => standing('update'));
  assert.equal((await execution('pump-1')).versionNumber, 2);

  await report('pump-2', 'SUCCEEDED');
  assert.deepEqual(await counts('update'), { Canceled: 1, Succeeded: 2 });
  assert.equal((await iot.describeJob({ jobId: 'update' })).job.status, 'CANCELED');
});

test('Cancelling a job with force cancels what is in progress too', async () => {
  const { iot, device, standing, execution } = await halfDone();
  await iot.cancelJob({ jobId: 'update', force: true });

  assert.equal((await iot.describeJob({ jobId: 'update' })).job.forceCanceled, true);
  await eventually({ 'pump-1': 'CANCELED', 'pump-2': 'CANCELED', 'pump-3': 'SUCCEEDED' }, () => standing('update'));
  const cancelled = await execution('pump-2');
  assert.deepEqual([cancelled.versionNumber, cancelled.forceCanceled], [3, true]);
  await invalidState(device.updateJobExecution(of('pump-2', { status: 'SUCCEEDED' })));
  assert.deepEqual(plain(await device.getPendingJobExecutions({ thingName: 'pump-2' })), { inProgressJobs: [], queuedJobs: [] });
});

test('A job that is over cannot be cancelled', async () => {
  const { iot, things, job, device } = account();
  await things('pump-1');
  await job('cancelled', 'thing/pump-1');
  await iot.cancelJob({ jobId: 'cancelled' });
  await refused(iot.cancelJob({ jobId: 'cancelled' }), 'InvalidRequestException', 400);
  await job('completed', 'thing/pump-1');
  await device.updateJobExecution({ thingName: 'pump-1', jobId: 'completed', status: 'SUCCEEDED' });
  await refused(iot.cancelJob({ jobId: 'completed', force: true }), 'InvalidRequestException', 400);
});

test('An execution that has not started is cancelled freely; details are replaced only when given', async () => {
  const { iot, execution } = await halfDone();
  assert.deepEqual(plain(await iot.cancelJobExecution(of('pump-1'))), {});
  const first = await execution('pump-1');
  assert.deepEqual([first.status, first.versionNumber, first.statusDetails], ['CANCELED', 2, {}]);

  await iot.cancelJobExecution(of('pump-2', { force: true }));
  const kept = await execution('pump-2');
  assert.deepEqual([kept.status, kept.forceCanceled, kept.statusDetails], ['CANCELED', true, { detailsMap: { step: 'download' } }]);

  const other = await halfDone();
  await other.iot.cancelJobExecution(of('pump-2', { force: true, statusDetails: { reason: 'größer 🚀' } }));
  assert.deepEqual((await other.execution('pump-2')).statusDetails, { detailsMap: { reason: 'größer 🚀' } });
});

test('An execution in progress is cancelled only with force, a finished one never', async () => {
  const { iot, device, execution } = await halfDone();
  await invalidState(iot.cancelJobExecution(of('pump-2')));
  await invalidState(iot.cancelJobExecution(of('pump-2', { force: false })));
  assert.equal((await execution('pump-2')).status, 'IN_PROGRESS');
  await iot.cancelJobExecution(of('pump-2', { force: true }));

  for (const force of [undefined, true])
    for (const thingName of ['pump-2', 'pump-3']) await invalidState(iot.cancelJobExecution(of(thingName, { force })));
  await invalidState(device.updateJobExecution(of('pump-2', { status: 'IN_PROGRESS' })));
});

test('Cancelling with an expected version that has passed is a version conflict and changes nothing', async () => {
  const { iot, execution } = await halfDone();
  const conflict = iot.cancelJobExecution(of('pump-2', { force: true, expectedVersion: 1, statusDetails: { reason: 'late' } }));
  await refused(conflict, 'VersionConflictException', 409, /found version 2/);
  const still = await execution('pump-2');
  assert.deepEqual([still.status, still.versionNumber, still.statusDetails], ['IN_PROGRESS', 2, { detailsMap: { step: 'download' } }]);

  await iot.cancelJobExecution(of('pump-2', { force: true, expectedVersion: 2 }));
  assert.deepEqual([(await execution('pump-2')).status, (await execution('pump-2')).versionNumber], ['CANCELED', 3]);
});

test('Cancelling the last open execution completes the job', async () => {
  const { iot, counts } = await halfDone();
  await iot.cancelJobExecution(of('pump-1'));
  assert.equal(await statusOf(iot, 'update'), 'IN_PROGRESS');
  await iot.cancelJobExecution(of('pump-2', { force: true }));
  assert.equal(await statusOf(iot, 'update'), 'COMPLETED');
  assert.deepEqual(await counts('update'), { Canceled: 2, Succeeded: 1 });
});

test('A finished execution is deleted freely, one that is not only with force', async () => {
  const { iot, device, standing, counts } = await halfDone();
  const numbered = (thingName, more) => of(thingName, { executionNumber: 1, ...more });
  await invalidState(iot.deleteJobExecution(numbered('pump-2')));
  await invalidState(iot.deleteJobExecution(numbered('pump-2', { force: false })));

  assert.deepEqual(plain(await iot.deleteJobExecution(numbered('pump-3'))), {});
  await invalidState(iot.deleteJobExecution(numbered('pump-1')));
  await iot.deleteJobExecution(numbered('pump-1', { force: true }));
  assert.deepEqual([await standing('update'), await counts('update')], [{ 'pump-2': 'IN_PROGRESS' }, { InProgress: 1 }]);

  await iot.deleteJobExecution(numbered('pump-2', { force: true }));
  assert.deepEqual(await standing('update'), {});
  for (const thingName of ['pump-1', 'pump-2', 'pump-3']) {
    await isGone(iot.describeJobExecution(of(thingName)));
    await isGone(iot.deleteJobExecution(numbered(thingName, { force: true })));
    await isGone(device.describeJobExecution(of(thingName)));
    await isGone(device.updateJobExecution(of(thingName, { status: 'SUCCEEDED' })));
    assert.deepEqual(plain(await device.getPendingJobExecutions({ thingName })), { inProgressJobs: [], queuedJobs: [] });
  }
});

test('A job is deleted freely only when it is over', async () => {
  const { iot } = await halfDone();
  await invalidState(iot.deleteJob({ jobId: 'update' }));
  await invalidState(iot.deleteJob({ jobId: 'update', force: false }));
  assert.equal(await statusOf(iot, 'update'), 'IN_PROGRESS');
  await iot.cancelJob({ jobId: 'update' });
  await iot.deleteJob({ jobId: 'update' });
  await eventually('gone', () => statusOf(iot, 'update'));
});

test('While a job is being deleted its devices have lost it, and nobody can do anything to it', () =>
  withTheClockStopped(async ({ pass }) => {
    const { iot, arn, device } = await halfDone();
    assert.deepEqual(plain(await iot.deleteJob({ jobId: 'update', force: true })), {});

    assert.equal(await statusOf(iot, 'update'), 'DELETION_IN_PROGRESS');
    assert.deepEqual(
      (await iot.listJobs({ status: 'DELETION_IN_PROGRESS' })).jobs.map((job) => job.jobId),
      ['update'],
    );
    assert.deepEqual(plain(await device.getPendingJobExecutions({ thingName: 'pump-2' })), { inProgressJobs: [], queuedJobs: [] });
    assert.deepEqual(plain(await device.startNextPendingJobExecution({ thingName: 'pump-1' })), {});
    await isGone(device.describeJobExecution(of('pump-2')));
    await isGone(device.updateJobExecution(of('pump-2', { status: 'SUCCEEDED' })));

    await invalidState(iot.deleteJob({ jobId: 'update' }));
    await invalidState(iot.deleteJob({ jobId: 'update', force: true }));
    await refused(iot.cancelJob({ jobId: 'update', force: true }), 'InvalidRequestException', 400);
    await refused(iot.updateJob({ jobId: 'update', description: 'late' }), 'InvalidRequestException', 400);
    const same = { jobId: 'update', targets: [arn('thing/pump-1')], document: '{}' };
    await refused(iot.createJob(same), 'ResourceAlreadyExistsException', 409);

    await pass('1h');
    await eventually('gone', () => statusOf(iot, 'update'));
    await iot.createJob(same);
    assert.equal((await device.startNextPendingJobExecution({ thingName: 'pump-1' })).execution.executionNumber, 1);
  }));

test('At most ten jobs of an account and region are being deleted at once', () =>
  withTheClockStopped(async ({ pass }) => {
    const { iot, things, job, id } = account();
    await things('pump-1');
    const jobs = Array.from({ length: 11 }, (_, i) => `update-${i + 1}`);
    for (const jobId of jobs) await job(jobId, 'thing/pump-1');
    for (const jobId of jobs.slice(0, 10)) await iot.deleteJob({ jobId, force: true });

    await refused(iot.deleteJob({ jobId: 'update-11', force: true }), 'LimitExceededException', 410);
    assert.equal(await statusOf(iot, 'update-11'), 'IN_PROGRESS');

    const neighbour = account();
    assert.notEqual(neighbour.id, id);
    await neighbour.things('pump-1');
    await neighbour.job('update-11', 'thing/pump-1');
    await neighbour.iot.deleteJob({ jobId: 'update-11', force: true });

    await pass('1h');
    await eventually('gone', () => statusOf(iot, 'update-1'));
    await iot.deleteJob({ jobId: 'update-11', force: true });
    assert.equal(await statusOf(iot, 'update-11'), 'DELETION_IN_PROGRESS');
  }));
