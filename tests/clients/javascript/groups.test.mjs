// Jobs on thing groups: what a SNAPSHOT job takes at its creation, and how a CONTINUOUS one follows joining and leaving.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, eventually, isGone, plain, recent } from './emulator.mjs';

const CONTINUOUS = { targetSelection: 'CONTINUOUS' };
const QUEUED = 'QUEUED';

/** Status, execution number and version of every execution of a thing for a job, newest first. */
async function history(iot, thingName, jobId) {
  const { executionSummaries } = await iot.listJobExecutionsForThing({ thingName, jobId });
  const numbers = executionSummaries.map((e) => e.jobExecutionSummary.executionNumber);
  const executions = numbers.map((executionNumber) => iot.describeJobExecution({ thingName, jobId, executionNumber }));
  return (await Promise.all(executions)).map(({ execution: e }) => `${e.status} #${e.executionNumber} v${e.versionNumber}`);
}

/** A continuous job on the group "pumps" that has pump-1 in it. */
async function continuousJob() {
  const home = account();
  await home.things('pump-1', 'pump-2');
  await home.group('pumps', { things: ['pump-1'] });
  await home.job('follow', 'thinggroup/pumps', CONTINUOUS);
  const membership = (thingName) => ({ thingGroupName: 'pumps', thingName });
  return {
    ...home,
    join: (thing) => home.iot.addThingToThingGroup(membership(thing)),
    leave: (thing) => home.iot.removeThingFromThingGroup(membership(thing)),
    report: (thingName, status) => home.device.updateJobExecution({ thingName, jobId: 'follow', status }),
    history: (thing) => history(home.iot, thing, 'follow'),
  };
}

test('A snapshot job takes the members of its groups and of their child groups, each thing once', async () => {
  const { iot, things, group, job, standing, counts } = account();
  await things('pump-1', 'pump-2', 'valve-1', 'fan-1', 'lone-1');
  await group('site', { things: ['pump-1'] });
  await group('valves', { parent: 'site', things: ['valve-1'] });
  await group('small-valves', { parent: 'valves', things: ['pump-2'] });
  await group('others', { things: ['valve-1', 'fan-1'] });

  await job('update', ['thinggroup/site', 'thinggroup/others', 'thing/pump-1', 'thing/fan-1']);

  assert.deepEqual(await standing('update'), { 'fan-1': QUEUED, 'pump-1': QUEUED, 'pump-2': QUEUED, 'valve-1': QUEUED });
  assert.deepEqual(await counts('update'), { Queued: 4 });

  await iot.addThingToThingGroup({ thingGroupName: 'site', thingName: 'lone-1' });
  await iot.removeThingFromThingGroup({ thingGroupName: 'site', thingName: 'pump-1' });
  await job('later', 'thinggroup/site');
  assert.deepEqual(await standing('later'), { 'lone-1': QUEUED, 'pump-2': QUEUED, 'valve-1': QUEUED });
  assert.deepEqual(await counts('update'), { Queued: 4 });
});

test('A snapshot job on an empty group is complete', async () => {
  const { iot, group, job, counts } = account();
  await group('empty');
  await job('nothing-to-do', 'thinggroup/empty');
  await eventually('COMPLETED', async () => (await iot.describeJob({ jobId: 'nothing-to-do' })).job.status);
  assert.deepEqual(await counts('nothing-to-do'), {});
});

test('Who joins the group of a continuous job gets it; who leaves before starting is REMOVED, and gets number 2 on coming back', async () => {
  const { iot, device, join, leave, history, counts } = await continuousJob();
  assert.deepEqual(await history('pump-1'), ['QUEUED #1 v1']);

  await join('pump-2');
  await eventually(['QUEUED #1 v1'], () => history('pump-2'));

  await leave('pump-2');
  await eventually(['REMOVED #1 v1'], () => history('pump-2'));
  assert.deepEqual((await device.getPendingJobExecutions({ thingName: 'pump-2' })).queuedJobs, []);

  await join('pump-2');
  await eventually(['QUEUED #2 v1', 'REMOVED #1 v1'], () => history('pump-2'));
  await eventually({ Queued: 2, Removed: 1 }, () => counts('follow'));
  assert.equal((await iot.describeJobExecution({ thingName: 'pump-2', jobId: 'follow' })).execution.executionNumber, 2);

  const next = (await device.startNextPendingJobExecution({ thingName: 'pump-2' })).execution;
  assert.deepEqual([next.executionNumber, next.versionNumber], [2, 2]);
});

test('A thing that leaves while its execution is in progress may finish it, and has number 2 after coming back', async () => {
  const { join, leave, report, history } = await continuousJob();
  await report('pump-1', 'IN_PROGRESS');
  await leave('pump-1');
  assert.deepEqual(await history('pump-1'), ['IN_PROGRESS #1 v2']);
  await report('pump-1', 'SUCCEEDED');

  await join('pump-1');
  await eventually(['QUEUED #2 v1', 'SUCCEEDED #1 v3'], () => history('pump-1'));
});

test('A thing that comes back while its execution is still open gets no second one', async () => {
  const { join, leave, report, history } = await continuousJob();
  await report('pump-1', 'IN_PROGRESS');
  await leave('pump-1');
  await join('pump-1');
  await report('pump-1', 'SUCCEEDED');
  await join('pump-2'); // what the emulator does about a join is done by the time this later one shows
  await eventually(['QUEUED #1 v1'], () => history('pump-2'));
  assert.deepEqual(await history('pump-1'), ['SUCCEEDED #1 v3']);
});

test('Being in the group, or being added again, is no reason for another execution; leaving and joining is', async () => {
  const { join, leave, report, history, iot } = await continuousJob();
  await report('pump-1', 'FAILED');
  await join('pump-1');
  await join('pump-2');
  await eventually(['QUEUED #1 v1'], () => history('pump-2'));
  assert.deepEqual(await history('pump-1'), ['FAILED #1 v2']);
  assert.equal((await iot.describeJob({ jobId: 'follow' })).job.status, 'IN_PROGRESS');

  await leave('pump-1');
  await join('pump-1');
  await eventually(['QUEUED #2 v1', 'FAILED #1 v2'], () => history('pump-1'));
});

test('A continuous job follows its child groups, and updateThingGroupsForThing', async () => {
  const { iot, things, group, job, standing } = account();
  await things('pump-1', 'pump-2');
  await group('site');
  await group('pumps', { parent: 'site' });
  await group('elsewhere', { things: ['pump-2'] });
  await job('follow', 'thinggroup/site', CONTINUOUS);
  assert.deepEqual(await standing('follow'), {});

  await iot.addThingToThingGroup({ thingGroupName: 'pumps', thingName: 'pump-1' });
  await eventually({ 'pump-1': QUEUED }, () => standing('follow'));
  const moved = { thingName: 'pump-2', thingGroupsToAdd: ['pumps'], thingGroupsToRemove: ['elsewhere'] };
  assert.deepEqual(plain(await iot.updateThingGroupsForThing(moved)), {});
  await eventually({ 'pump-1': QUEUED, 'pump-2': QUEUED }, () => standing('follow'));
  await iot.updateThingGroupsForThing({ thingName: 'pump-2', thingGroupsToRemove: ['pumps'] });
  await eventually({ 'pump-1': QUEUED, 'pump-2': 'REMOVED' }, () => standing('follow'));
});

test('AssociateTargetsWithJob gives a continuous job more targets', async () => {
  const { iot, arn, things, group, job, standing } = account();
  await things('pump-1', 'valve-1', 'lone-1');
  await group('pumps', { things: ['pump-1'] });
  await group('valves', { things: ['valve-1'] });
  await job('follow', 'thinggroup/pumps', { ...CONTINUOUS, description: 'grows' });

  const targets = [arn('thinggroup/valves'), arn('thing/lone-1')];
  assert.deepEqual(plain(await iot.associateTargetsWithJob({ jobId: 'follow', targets, comment: 'valves too' })), {
    jobArn: arn('job/follow'),
    jobId: 'follow',
    description: 'grows',
  });

  await eventually({ 'lone-1': QUEUED, 'pump-1': QUEUED, 'valve-1': QUEUED }, () => standing('follow'));
  const described = (await iot.describeJob({ jobId: 'follow' })).job;
  assert.deepEqual([described.targets, described.comment], [[arn('thinggroup/pumps'), ...targets], 'valves too']);
});

test('The execution of a deleted thing is REMOVED, and the rest of the snapshot job completes it', async () => {
  const { iot, device, things, job, counts } = account();
  await things('pump-1', 'pump-2');
  await job('update', ['thing/pump-1', 'thing/pump-2']);

  await iot.deleteThing({ thingName: 'pump-2' });
  await eventually({ Queued: 1, Removed: 1 }, () => counts('update'));
  await isGone(iot.listJobExecutionsForThing({ thingName: 'pump-2' }));
  await isGone(device.getPendingJobExecutions({ thingName: 'pump-2' }));

  await device.updateJobExecution({ thingName: 'pump-1', jobId: 'update', status: 'SUCCEEDED' });
  const done = (await iot.describeJob({ jobId: 'update' })).job;
  assert.deepEqual([done.status, recent(done.completedAt)], ['COMPLETED', true]);
  assert.deepEqual(await counts('update'), { Removed: 1, Succeeded: 1 });
});

test('Deleting the group of a continuous job is leaving it for all its things', async () => {
  const { iot, history } = await continuousJob();
  await iot.deleteThingGroup({ thingGroupName: 'pumps' });
  await eventually(['REMOVED #1 v1'], () => history('pump-1'));
  await isGone(iot.describeThingGroup({ thingGroupName: 'pumps' }));
});

test('A group is described with its parents from the root down, and versioned', async () => {
  const { iot, arn } = account();
  const properties = { thingGroupDescription: 'all of it', attributePayload: { attributes: { town: 'Bonn' } } };
  await iot.createThingGroup({ thingGroupName: 'site', thingGroupProperties: properties });
  await iot.createThingGroup({ thingGroupName: 'hall', parentGroupName: 'site' });
  const { thingGroupId } = await iot.createThingGroup({ thingGroupName: 'pumps', parentGroupName: 'hall' });

  const root = plain(await iot.describeThingGroup({ thingGroupName: 'site' }));
  assert.deepEqual([root.thingGroupProperties, root.version], [properties, 1]);

  const { thingGroupMetadata, ...pumps } = plain(await iot.describeThingGroup({ thingGroupName: 'pumps' }));
  const { creationDate, ...parents } = thingGroupMetadata;
  assert.ok(recent(creationDate));
  assert.deepEqual(parents, {
    parentGroupName: 'hall',
    rootToParentThingGroups: ['site', 'hall'].map((name) => ({ groupName: name, groupArn: arn(`thinggroup/${name}`) })),
  });
  const expected = { thingGroupName: 'pumps', thingGroupArn: arn('thinggroup/pumps'), thingGroupId, version: 1, thingGroupProperties: {} };
  assert.deepEqual(pumps, expected);

  const update = { thingGroupName: 'pumps', thingGroupProperties: { thingGroupDescription: 'the pumps' }, expectedVersion: 1 };
  assert.deepEqual(plain(await iot.updateThingGroup(update)), { version: 2 });
  const again = { thingGroupName: 'pumps', parentGroupName: 'hall', thingGroupProperties: { thingGroupDescription: 'the pumps' } };
  assert.equal((await iot.createThingGroup(again)).thingGroupId, thingGroupId);
});
