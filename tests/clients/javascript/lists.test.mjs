// Lists: whole through the SDK's paginators, filtered, in order, and right while rows come and go.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import {
  paginateListJobExecutionsForJob,
  paginateListJobExecutionsForThing,
  paginateListJobs,
  paginateListThingGroups,
  paginateListThings,
  paginateListThingsInThingGroup,
} from '@aws-sdk/client-iot';
import { account, refused, withTheClockStopped } from './emulator.mjs';

const numbered = (name, count) => Array.from({ length: count }, (_, i) => `${name}-${String(i + 1).padStart(3, '0')}`);

/** All rows of a list, and how many came on each page. */
async function everything(paginator, member) {
  const [rows, pages] = [[], []];
  for await (const page of paginator) {
    rows.push(...page[member]);
    pages.push(page[member].length);
  }
  return { rows, pages };
}

describe('A fleet of 260 pumps', () => {
  const fleet = account();
  const pumps = numbered('pump', 260);
  const pages = (pageSize) => ({ client: fleet.iot, pageSize });

  before(async () => {
    await fleet.things(...pumps);
    await fleet.group('pumps', { things: pumps });
    await fleet.job('update', 'thinggroup/pumps');
    for (const thingName of pumps.slice(0, 30)) await fleet.device.startNextPendingJobExecution({ thingName });
  });

  test('ListThings: every thing once, whatever the page', async () => {
    for (const [pageSize, lengths] of [[100, [100, 100, 60]], [250, [250, 10]]]) {
      const { rows, pages: seen } = await everything(paginateListThings(pages(pageSize), {}), 'things');
      assert.deepEqual(rows.map((thing) => thing.thingName).sort(), pumps);
      assert.deepEqual(seen, lengths);
      assert.equal(rows[0].thingArn, fleet.arn(`thing/${rows[0].thingName}`));
    }
    const { rows } = await everything(paginateListThings({ client: fleet.iot }, {}), 'things');
    assert.equal(rows.length, 260);
  });

  test('ListThingsInThingGroup and ListJobExecutionsForJob: every member once', async () => {
    const members = await everything(paginateListThingsInThingGroup(pages(99), { thingGroupName: 'pumps' }), 'things');
    assert.deepEqual([members.rows.sort(), members.pages], [pumps, [99, 99, 62]]);
    const executions = await everything(paginateListJobExecutionsForJob(pages(250), { jobId: 'update' }), 'executionSummaries');
    assert.deepEqual(executions.rows.map((e) => e.thingArn).sort(), pumps.map((pump) => fleet.arn(`thing/${pump}`)));
    assert.deepEqual(executions.pages, [250, 10]);
  });

  test('ListJobExecutionsForJob by status', async () => {
    for (const [status, expected] of [['IN_PROGRESS', pumps.slice(0, 30)], ['QUEUED', pumps.slice(30)], ['FAILED', []]]) {
      const { rows } = await everything(paginateListJobExecutionsForJob(pages(7), { jobId: 'update', status }), 'executionSummaries');
      assert.deepEqual(rows.map((e) => e.thingArn).sort(), expected.map((pump) => fleet.arn(`thing/${pump}`)), status);
      assert.ok(rows.every((e) => e.jobExecutionSummary.status === status && e.jobExecutionSummary.retryAttempt === 0));
    }
    assert.deepEqual(await fleet.counts('update'), { InProgress: 30, Queued: 230 });
  });

  test('A last page that is exactly full has no token', async () => {
    const first = await fleet.iot.listThings({ maxResults: 130 });
    assert.equal(first.things.length, 130);
    const second = await fleet.iot.listThings({ maxResults: 130, nextToken: first.nextToken });
    assert.deepEqual([second.things.length, second.nextToken ?? ''], [130, '']);
  });

  test('A token that was never given out is refused', () =>
    refused(fleet.iot.listThings({ nextToken: 'not a token' }), 'InvalidRequestException', 400));
});

test('What keeps its place is listed exactly once while other things come and go', async () => {
  const { iot, things } = account();
  const pumps = numbered('pump', 40);
  await things(...pumps);
  const listed = [];
  let nextToken;
  for (let page = 0; page === 0 || nextToken; page++) {
    const answer = await iot.listThings({ maxResults: 7, nextToken });
    listed.push(...answer.things.map((thing) => thing.thingName));
    nextToken = answer.nextToken;
    await iot.deleteThing({ thingName: pumps[page] });
    await things(`${pumps[page]}-new`);
  }
  const stayed = pumps.slice(10);
  assert.deepEqual(listed.filter((name) => stayed.includes(name)).sort(), stayed);
  assert.equal(new Set(listed).size, listed.length, 'a thing was listed twice');
});

describe('Jobs of every status', () => {
  const home = account();
  const ids = (answer) => answer.rows.map((job) => job.jobId);
  const list = (filter = {}, pageSize = 4) => everything(paginateListJobs({ client: home.iot, pageSize }, filter), 'jobs');
  let pumps;

  // A second passes after each, so that it is clear which is the newest.
  before(() =>
    withTheClockStopped(async ({ pass }) => {
      const { iot, device, things, group } = home;
      const job = async (...request) => {
        await home.job(...request);
        await pass('1s');
      };
      await things('pump-1', 'valve-1');
      pumps = await group('pumps', { things: ['pump-1'] });
      for (const jobId of numbered('cancelled', 5)) {
        await job(jobId, 'thing/valve-1');
        await iot.cancelJob({ jobId });
      }
      for (const jobId of numbered('done', 5)) {
        await job(jobId, 'thing/valve-1');
        await device.updateJobExecution({ thingName: 'valve-1', jobId, status: 'SUCCEEDED' });
      }
      for (const jobId of numbered('open', 5)) await job(jobId, 'thinggroup/pumps', { targetSelection: 'CONTINUOUS' });
      await job('other', ['thing/valve-1', 'thinggroup/pumps']);
    }),
  );

  const newestFirst = (name, count = 5) => numbered(name, count).reverse();

  test('are listed by status, and within one the newest first', async () => {
    const all = ['other', ...newestFirst('open'), ...newestFirst('done'), ...newestFirst('cancelled')];
    const paged = await list();
    assert.deepEqual([ids(paged), paged.pages], [all, [4, 4, 4, 4]]);
    assert.deepEqual(ids(await list({}, 250)), all);
  });

  test('are filtered by status and target selection', async () => {
    assert.deepEqual(ids(await list({ status: 'COMPLETED' })), newestFirst('done'));
    assert.deepEqual(ids(await list({ status: 'CANCELED' })), newestFirst('cancelled'));
    assert.deepEqual(ids(await list({ status: 'SCHEDULED' })), []);
    assert.deepEqual(ids(await list({ targetSelection: 'CONTINUOUS' })), newestFirst('open'));
    assert.deepEqual(ids(await list({ targetSelection: 'SNAPSHOT', status: 'IN_PROGRESS' })), ['other']);
  });

  test('are filtered by group, by its name and by its id', async () => {
    const onPumps = ['other', ...newestFirst('open')];
    for (const filter of [{ thingGroupName: 'pumps' }, { thingGroupId: pumps.thingGroupId }]) {
      const answer = await list(filter);
      assert.deepEqual(ids(answer), onPumps);
      assert.ok(answer.rows.every((job) => job.thingGroupId === pumps.thingGroupId));
    }
    assert.deepEqual(ids(await list({ thingGroupName: 'pumps', targetSelection: 'SNAPSHOT' })), ['other']);
  });

  test('are summarised', async () => {
    const { rows } = await list({ status: 'COMPLETED' }, 1);
    const { createdAt, lastUpdatedAt, completedAt, ...rest } = rows[0];
    assert.ok(createdAt <= lastUpdatedAt && lastUpdatedAt <= completedAt);
    assert.deepEqual(rest, {
      jobArn: home.arn('job/done-005'),
      jobId: 'done-005',
      status: 'COMPLETED',
      targetSelection: 'SNAPSHOT',
      isConcurrent: false,
    });
  });

  test('ListJobExecutionsForThing pages, and filters by status and job', async () => {
    const executions = async (filter) => {
      const paginator = paginateListJobExecutionsForThing({ client: home.iot, pageSize: 3 }, { thingName: 'valve-1', ...filter });
      return (await everything(paginator, 'executionSummaries')).rows.map((e) => e.jobId).sort();
    };
    assert.deepEqual(await executions(), [...numbered('cancelled', 5), ...numbered('done', 5), 'other'].sort());
    assert.deepEqual(await executions({ status: 'SUCCEEDED' }), numbered('done', 5));
    assert.deepEqual(await executions({ status: 'QUEUED' }), ['other']);
    assert.deepEqual(await executions({ jobId: 'cancelled-002' }), ['cancelled-002']);
    assert.deepEqual(await executions({ jobId: 'cancelled-002', status: 'QUEUED' }), []);
  });
});

test('The pending list of a device shows ten executions, oldest first', async () => {
  const { device, things, job } = account();
  await things('pump-1');
  const jobs = numbered('update', 12);
  for (const jobId of jobs) await job(jobId, 'thing/pump-1');
  const { queuedJobs } = await device.getPendingJobExecutions({ thingName: 'pump-1' });
  assert.deepEqual(queuedJobs.map((execution) => execution.jobId), jobs.slice(0, 10));
});

test('Things are filtered by attribute and type', async () => {
  const { iot } = account();
  const thing = (thingName, attributes, thingTypeName) => iot.createThing({ thingName, thingTypeName, attributePayload: { attributes } });
  await thing('pump-1', { model: 'P-100', hall: '1' });
  await thing('pump-2', { model: 'P-200' });
  await iot.createThingType({ thingTypeName: 'Valve' });
  await thing('valve-1', { model: 'V-100', hall: '1' }, 'Valve');
  const names = async (filter) => (await iot.listThings(filter)).things.map((t) => t.thingName).sort();

  assert.deepEqual(await names({ attributeName: 'hall' }), ['pump-1', 'valve-1']);
  assert.deepEqual(await names({ attributeName: 'model', attributeValue: 'P-100' }), ['pump-1']);
  assert.deepEqual(await names({ attributeName: 'model', attributeValue: 'P-', usePrefixAttributeValue: true }), ['pump-1', 'pump-2']);
  assert.deepEqual(await names({ thingTypeName: 'Valve' }), ['valve-1']);
  const [valve] = (await iot.listThings({ thingTypeName: 'Valve' })).things;
  assert.deepEqual([valve.attributes, valve.thingTypeName, valve.version], [{ model: 'V-100', hall: '1' }, 'Valve', 1]);
});

test('Groups are filtered by parent and prefix, recursively and not; and those of a thing are listed', async () => {
  const { iot, arn, things, group } = account();
  await things('pump-1');
  await group('site');
  await group('hall-1', { parent: 'site' });
  await group('hall-2', { parent: 'site', things: ['pump-1'] });
  await group('corner', { parent: 'hall-1' });
  await group('all-pumps', { things: ['pump-1'] });
  const names = async (filter) => {
    const { rows } = await everything(paginateListThingGroups({ client: iot, pageSize: 2 }, filter), 'thingGroups');
    assert.ok(rows.every((g) => g.groupArn === arn(`thinggroup/${g.groupName}`)));
    return rows.map((g) => g.groupName).sort();
  };

  assert.deepEqual(await names({ recursive: true }), ['all-pumps', 'corner', 'hall-1', 'hall-2', 'site']);
  assert.deepEqual(await names({ parentGroup: 'site' }), ['hall-1', 'hall-2']);
  assert.deepEqual(await names({ parentGroup: 'site', recursive: true }), ['corner', 'hall-1', 'hall-2']);
  assert.deepEqual(await names({ namePrefixFilter: 'hall', recursive: true }), ['hall-1', 'hall-2']);
  const ofThing = (await iot.listThingGroupsForThing({ thingName: 'pump-1' })).thingGroups.map((g) => g.groupName);
  assert.deepEqual(ofThing.sort(), ['all-pumps', 'hall-2']);

  const inGroup = async (thingGroupName, recursive) => (await iot.listThingsInThingGroup({ thingGroupName, recursive })).things;
  assert.deepEqual(await inGroup('site', true), ['pump-1']);
  assert.deepEqual(await inGroup('site', false), []);
});
