// The main story on both planes: a thing gets a job, the device runs it, the job is deleted, its id is free again.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, eventually, isGone, plain, recent, recentSeconds, refused, statusOf, url } from './emulator.mjs';

const document = '{\n  "operation": "install",\n  "name": "größer – 東京 🚀"\n}';

const waysToTheDataPlane = {
  'by its signature on the shared endpoint': url,
  'by the path prefix': `${url}/iot-jobs-data`,
  'by the path prefix and one slash too many': `${url}/iot-jobs-data/`,
};

for (const [way, endpoint] of Object.entries(waysToTheDataPlane))
  test(`A device reached ${way} runs a job to its end, and the job is deleted`, async () => {
    const { iot, arn, deviceAt, counts } = account();
    const device = deviceAt(endpoint);
    const [jobId, thingName] = ['update-firmware', 'pump-1'];

    const thing = plain(await iot.createThing({ thingName, attributePayload: { attributes: { model: 'P-100' } } }));
    assert.deepEqual([thing.thingName, thing.thingArn], [thingName, arn('thing/pump-1')]);
    assert.match(thing.thingId, /^[0-9a-f-]{36}$/);
    const group = plain(await iot.createThingGroup({ thingGroupName: 'pumps' }));
    assert.equal(group.thingGroupArn, arn('thinggroup/pumps'));
    await iot.addThingToThingGroup({ thingGroupName: 'pumps', thingName });

    assert.deepEqual(
      plain(await iot.createJob({ jobId, targets: [group.thingGroupArn], document, description: 'größer – 東京 🚀' })),
      { jobArn: arn('job/update-firmware'), jobId, description: 'größer – 東京 🚀' },
    );
    assert.equal((await iot.getJobDocument({ jobId })).document, document);

    const { job } = await iot.describeJob({ jobId });
    const { createdAt, lastUpdatedAt, ...rest } = job;
    assert.ok(recent(createdAt) && recent(lastUpdatedAt), `${createdAt}, ${lastUpdatedAt}`);
    assert.deepEqual(rest, {
      jobArn: arn('job/update-firmware'),
      jobId,
      description: 'größer – 東京 🚀',
      status: 'IN_PROGRESS',
      targetSelection: 'SNAPSHOT',
      targets: [group.thingGroupArn],
      isConcurrent: false,
      presignedUrlConfig: {},
      jobExecutionsRolloutConfig: {},
      timeoutConfig: {},
      schedulingConfig: {},
      jobProcessDetails: {
        numberOfCanceledThings: 0,
        numberOfFailedThings: 0,
        numberOfInProgressThings: 0,
        numberOfQueuedThings: 1,
        numberOfRejectedThings: 0,
        numberOfRemovedThings: 0,
        numberOfSucceededThings: 0,
        numberOfTimedOutThings: 0,
      },
    });

    const pending = plain(await device.getPendingJobExecutions({ thingName }));
    assert.deepEqual(pending.inProgressJobs, []);
    assert.equal(pending.queuedJobs.length, 1);
    const { queuedAt, lastUpdatedAt: queuedUpdate, ...summary } = pending.queuedJobs[0];
    assert.ok(recentSeconds(queuedAt) && recentSeconds(queuedUpdate), `${queuedAt}, ${queuedUpdate}`);
    assert.deepEqual(summary, { jobId, versionNumber: 1, executionNumber: 1 });

    const next = (await device.describeJobExecution({ thingName, jobId: '$next' })).execution;
    assert.deepEqual(
      [next.jobId, next.thingName, next.status, next.versionNumber, next.executionNumber, next.jobDocument, next.startedAt],
      [jobId, thingName, 'QUEUED', 1, 1, document, undefined],
    );
    const brief = (await device.describeJobExecution({ thingName, jobId, includeJobDocument: false })).execution;
    assert.deepEqual([brief.status, brief.jobDocument, brief.statusDetails], ['QUEUED', undefined, undefined]);

    const started = (await device.startNextPendingJobExecution({ thingName, statusDetails: { step: 'download' } })).execution;
    assert.ok(recentSeconds(started.startedAt), started.startedAt);
    assert.deepEqual(
      [started.jobId, started.status, started.versionNumber, started.statusDetails, started.jobDocument],
      [jobId, 'IN_PROGRESS', 2, { step: 'download' }, document],
    );
    const again = (await device.startNextPendingJobExecution({ thingName, statusDetails: { step: 'ignored' } })).execution;
    assert.deepEqual([again.versionNumber, again.statusDetails], [2, { step: 'download' }]);

    assert.deepEqual(
      plain(
        await device.updateJobExecution({
          thingName,
          jobId,
          status: 'IN_PROGRESS',
          expectedVersion: 2,
          statusDetails: { step: 'größer 🚀' },
          includeJobExecutionState: true,
        }),
      ),
      { executionState: { status: 'IN_PROGRESS', statusDetails: { step: 'größer 🚀' }, versionNumber: 3 } },
    );
    const { execution } = await iot.describeJobExecution({ thingName, jobId });
    assert.ok(recent(execution.queuedAt) && recent(execution.startedAt) && recent(execution.lastUpdatedAt));
    assert.deepEqual(
      [execution.thingArn, execution.status, execution.statusDetails, execution.versionNumber, execution.executionNumber],
      [arn('thing/pump-1'), 'IN_PROGRESS', { detailsMap: { step: 'größer 🚀' } }, 3, 1],
    );

    assert.deepEqual(
      plain(await device.updateJobExecution({ thingName, jobId, status: 'SUCCEEDED', includeJobDocument: true })),
      { jobDocument: document },
    );
    const done = (await iot.describeJob({ jobId })).job;
    assert.deepEqual([done.status, recent(done.completedAt)], ['COMPLETED', true]);
    assert.deepEqual(await counts(jobId), { Succeeded: 1 });
    assert.deepEqual(plain(await device.getPendingJobExecutions({ thingName })), { inProgressJobs: [], queuedJobs: [] });
    assert.deepEqual(plain(await device.startNextPendingJobExecution({ thingName })), {});
    assert.deepEqual(plain(await device.describeJobExecution({ thingName, jobId: '$next' })), {});
    await refused(device.describeJobExecution({ thingName, jobId }), 'TerminalStateException', 410);

    assert.deepEqual(plain(await iot.deleteJob({ jobId })), {});
    await eventually('gone', () => statusOf(iot, jobId));
    await isGone(iot.describeJobExecution({ thingName, jobId }));
    await isGone(iot.getJobDocument({ jobId }));
    await isGone(device.describeJobExecution({ thingName, jobId }));

    await iot.createJob({ jobId, targets: [thing.thingArn], document: '{"operation":"again"}' });
    const second = (await device.startNextPendingJobExecution({ thingName })).execution;
    assert.deepEqual([second.executionNumber, second.versionNumber, second.jobDocument], [1, 2, '{"operation":"again"}']);
  });

test('The two planes answer the paths they share each in its own way', async () => {
  const { iot, device, things, job } = account();
  await things('pump-1');
  await job('update-firmware', 'thing/pump-1');

  const control = plain(await iot.listJobExecutionsForThing({ thingName: 'pump-1' }));
  assert.deepEqual(Object.keys(control), ['executionSummaries']);
  const data = plain(await device.getPendingJobExecutions({ thingName: 'pump-1' }));
  assert.deepEqual(Object.keys(data).sort(), ['inProgressJobs', 'queuedJobs']);

  const controlExecution = (await iot.describeJobExecution({ thingName: 'pump-1', jobId: 'update-firmware' })).execution;
  assert.ok(controlExecution.queuedAt instanceof Date);
  assert.equal(controlExecution.jobDocument, undefined);
  const dataExecution = (await device.describeJobExecution({ thingName: 'pump-1', jobId: 'update-firmware' })).execution;
  assert.ok(Number.isInteger(dataExecution.queuedAt));
  assert.equal(dataExecution.jobDocument, '{"operation":"install"}');
});

test('A device works through its jobs in the order they were queued, the one in progress first', async () => {
  const { device, things, job } = account();
  const thingName = 'pump-1';
  await things(thingName);
  for (const jobId of ['first', 'second', 'third']) await job(jobId, 'thing/pump-1');

  await device.updateJobExecution({ thingName, jobId: 'second', status: 'IN_PROGRESS' });
  const { inProgressJobs, queuedJobs } = await device.getPendingJobExecutions({ thingName });
  assert.deepEqual([inProgressJobs.map((e) => e.jobId), queuedJobs.map((e) => e.jobId)], [['second'], ['first', 'third']]);
  assert.ok(recentSeconds(inProgressJobs[0].startedAt));

  const order = [];
  for (let step = 0; step < 3; step++) {
    const { jobId } = (await device.startNextPendingJobExecution({ thingName })).execution;
    order.push(jobId);
    await device.updateJobExecution({ thingName, jobId, status: step === 1 ? 'REJECTED' : 'FAILED' });
  }
  assert.deepEqual(order, ['second', 'first', 'third']);
});

test('What a job is configured with is described as it was given', async () => {
  const { iot, things, job } = account();
  await things('pump-1');
  const configs = {
    presignedUrlConfig: { roleArn: 'arn:aws:iam::123456789012:role/S3DownloadRole', expiresInSec: 3600 },
    jobExecutionsRolloutConfig: {
      maximumPerMinute: 1000,
      exponentialRate: { baseRatePerMinute: 50, incrementFactor: 2, rateIncreaseCriteria: { numberOfNotifiedThings: 1000 } },
    },
    abortConfig: {
      criteriaList: [{ failureType: 'FAILED', action: 'CANCEL', thresholdPercentage: 20.5, minNumberOfExecutedThings: 100 }],
    },
    timeoutConfig: { inProgressTimeoutInMinutes: 100 },
    jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'TIMED_OUT', numberOfRetries: 3 }] },
  };
  await job('update-firmware', 'thing/pump-1', configs);

  const described = (await iot.describeJob({ jobId: 'update-firmware' })).job;
  for (const [name, config] of Object.entries(configs)) assert.deepEqual(described[name], config, name);

  const changed = { description: 'slower now', timeoutConfig: { inProgressTimeoutInMinutes: 5 } };
  assert.deepEqual(plain(await iot.updateJob({ jobId: 'update-firmware', ...changed })), {});
  const after = (await iot.describeJob({ jobId: 'update-firmware' })).job;
  for (const [name, config] of Object.entries({ ...configs, ...changed })) assert.deepEqual(after[name], config, name);
});
