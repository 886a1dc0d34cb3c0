// Every error that a caller can provoke, operation by operation, as the SDK shows it: name, HTTP status and class.
// Not here because a caller cannot provoke them but by a fault (faults.test.mjs): ThrottlingException, ServiceUnavailableException, InternalFailureException,
// UnauthorizedException, CertificateValidationException.
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import * as control from '@aws-sdk/client-iot';
import * as data from '@aws-sdk/client-iot-jobs-data-plane';
import { account, refused, url } from './emulator.mjs';

const home = account();
const { iot, arn } = home;
const document = '{}';
const execution = (thingName, jobId, more) => ({ thingName, jobId, ...more });
const many = (count, what) => Array.from({ length: count }, (_, i) => what(i));
const pairs = (count) => Object.fromEntries(many(count, (i) => [`key-${i}`, 'value']));
const hundred = many(100, (i) => arn(`thing/target-${i}`));

before(async () => {
  const { device, things, group, job } = home;
  await things('pump-1', 'pump-2', 'pump-3', ...many(100, (i) => `target-${i}`));
  await iot.createThing({ thingName: 'versioned', attributePayload: { attributes: { model: 'P-100' } } });
  await group('site', { things: ['pump-1'] });
  await group('pumps', { parent: 'site' });
  await job('open', ['thing/pump-1', 'thing/pump-2', 'thing/pump-3']);
  await job('continuous', 'thinggroup/site', { targetSelection: 'CONTINUOUS' });
  await job('cancelled', 'thing/pump-1');
  await iot.cancelJob({ jobId: 'cancelled' });
  await device.updateJobExecution(execution('pump-2', 'open', { status: 'IN_PROGRESS' }));
  await device.updateJobExecution(execution('pump-3', 'open', { status: 'SUCCEEDED' }));
});

const invalid = ['InvalidRequestException', 400];
const notFound = ['ResourceNotFoundException', 404];
const exists = ['ResourceAlreadyExistsException', 409];
const invalidState = ['InvalidStateTransitionException', 409];
const conflict = ['VersionConflictException', 409];
const limit = ['LimitExceededException', 410];
const terminal = ['TerminalStateException', 410];

const job = (jobId, more) => iot.createJob({ jobId, targets: [arn('thing/pump-1')], document, ...more });

// [operation, error, what provokes it, the call, what its message says]
const controlPlane = [
  ['CreateJob', invalid, 'an id with a blank', () => job('not valid'), /^1 validation error detected: Value 'not valid' at 'jobId' failed/],
  ['CreateJob', invalid, 'an id of 65 characters', () => job('x'.repeat(65)), /length less than or equal to 64/],
  ['CreateJob', invalid, 'no targets', () => job('new', { targets: [] }), /'targets' failed .*length greater than or equal to 1/],
  ['CreateJob', invalid, 'an unknown target selection', () => job('new', { targetSelection: 'ALWAYS' }), /'targetSelection' .*enum value set/],
  ['CreateJob', invalid, 'two violations at once', () => job('not valid', { targetSelection: 'ALWAYS' }), /^2 validation errors detected: .*; /],
  ['CreateJob', invalid, 'no document', () => job('new', { document: undefined }), /Neither job document nor job document source is specified/],
  ['CreateJob', invalid, 'two documents', () => job('new', { documentSource: 'https://example.com/job.json' }), /cannot be specified at the same time/],
  ['CreateJob', invalid, 'a document that is not JSON', () => job('new', { document: '{"operation":' })],
  ['CreateJob', invalid, 'a timeout of 0', () => job('new', { timeoutConfig: { inProgressTimeoutInMinutes: 0 } }), /inProgressTimeoutInMinutes cannot be 0/],
  ['CreateJob', invalid, 'a threshold above 100', () => job('new', { abortConfig: { criteriaList: [{ failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 101, minNumberOfExecutedThings: 1 }] } }), /Value '101\.0' at 'abortConfig\.criteriaList\.1\.member\.thresholdPercentage'/],
  ['CreateJob', invalid, 'a retry count of 11', () => job('new', { jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'ALL', numberOfRetries: 11 }] } })],
  ['CreateJob', invalid, 'a rollout of 0 a minute', () => job('new', { jobExecutionsRolloutConfig: { maximumPerMinute: 0 } })],
  ['CreateJob', invalid, 'a presigned URL for 59 seconds', () => job('new', { presignedUrlConfig: { expiresInSec: 59 } })],
  ['CreateJob', invalid, 'a description with a control character', () => job('new', { description: 'a\u0007b' })],
  ['CreateJob', notFound, 'an unknown thing', () => job('new', { targets: [arn('thing/pump-1'), arn('thing/ghost')] })],
  ['CreateJob', notFound, 'an unknown group', () => job('new', { targets: [arn('thinggroup/ghosts')] })],
  ['CreateJob', notFound, "another account's thing", () => job('new', { targets: [arn('thing/pump-1').replace(home.id, '999999999999')] })],
  ['CreateJob', notFound, 'an unknown template', () => job('new', { document: undefined, jobTemplateArn: arn('jobtemplate/ghost') })],
  ['CreateJob', exists, 'an id in use', () => job('open')],
  ['CreateJob', exists, 'the id of a cancelled job', () => job('cancelled')],
  ['CreateJob', limit, '101 targets', () => job('new', { targets: [arn('thing/pump-1'), ...hundred] })],

  ['DescribeJob', invalid, 'an id with a blank', () => iot.describeJob({ jobId: 'not valid' })],
  ['DescribeJob', notFound, 'an unknown job', () => iot.describeJob({ jobId: 'ghost' }), /^Job ghost cannot be found\.$/],
  ['GetJobDocument', invalid, 'an id with a blank', () => iot.getJobDocument({ jobId: 'not valid' })],
  ['GetJobDocument', notFound, 'an unknown job', () => iot.getJobDocument({ jobId: 'ghost' })],

  ['ListJobs', invalid, '0 results', () => iot.listJobs({ maxResults: 0 }), /greater than or equal to 1/],
  ['ListJobs', invalid, '251 results', () => iot.listJobs({ maxResults: 251 }), /less than or equal to 250/],
  ['ListJobs', invalid, 'an unknown status', () => iot.listJobs({ status: 'DONE' }), /enum value set/],
  ['ListJobs', invalid, 'a token never given out', () => iot.listJobs({ nextToken: 'x' }), /Next token is invalid/],
  ['ListJobs', notFound, 'an unknown group', () => iot.listJobs({ thingGroupName: 'ghosts' })],

  ['UpdateJob', invalid, 'nothing to update', () => iot.updateJob({ jobId: 'open' }), /^Update Job request for job open cannot be empty\.$/],
  ['UpdateJob', invalid, 'nothing to update of an unknown job', () => iot.updateJob({ jobId: 'ghost' })],
  ['UpdateJob', invalid, 'a cancelled job', () => iot.updateJob({ jobId: 'cancelled', description: 'late' }), /^Job cancelled in status CANCELED cannot be updated\.$/],
  ['UpdateJob', notFound, 'an unknown job', () => iot.updateJob({ jobId: 'ghost', description: 'new' })],

  ['CancelJob', invalid, 'a reason in lower case', () => iot.cancelJob({ jobId: 'open', reasonCode: 'why' })],
  ['CancelJob', invalid, 'a cancelled job', () => iot.cancelJob({ jobId: 'cancelled' })],
  ['CancelJob', notFound, 'an unknown job', () => iot.cancelJob({ jobId: 'ghost' })],

  ['DeleteJob', invalid, 'a namespace with a blank', () => iot.deleteJob({ jobId: 'open', namespaceId: 'not valid' })],
  ['DeleteJob', invalidState, 'a job in progress', () => iot.deleteJob({ jobId: 'open' })],
  ['DeleteJob', invalidState, 'a job in progress, without force', () => iot.deleteJob({ jobId: 'open', force: false })],
  ['DeleteJob', notFound, 'an unknown job', () => iot.deleteJob({ jobId: 'ghost', force: true })],

  ['AssociateTargetsWithJob', invalid, 'no targets', () => iot.associateTargetsWithJob({ jobId: 'continuous', targets: [] })],
  ['AssociateTargetsWithJob', invalid, 'a snapshot job', () => iot.associateTargetsWithJob({ jobId: 'open', targets: [arn('thinggroup/pumps')] })],
  ['AssociateTargetsWithJob', notFound, 'an unknown job', () => iot.associateTargetsWithJob({ jobId: 'ghost', targets: [arn('thinggroup/pumps')] })],
  ['AssociateTargetsWithJob', notFound, 'an unknown group', () => iot.associateTargetsWithJob({ jobId: 'continuous', targets: [arn('thinggroup/ghosts')] })],
  ['AssociateTargetsWithJob', limit, 'more than 100 targets in all', () => iot.associateTargetsWithJob({ jobId: 'continuous', targets: hundred })],

  ['DescribeJobExecution', invalid, 'a thing with a blank', () => iot.describeJobExecution(execution('not valid', 'open'))],
  ['DescribeJobExecution', notFound, 'an unknown job', () => iot.describeJobExecution(execution('pump-1', 'ghost'))],
  ['DescribeJobExecution', notFound, 'an unknown thing', () => iot.describeJobExecution(execution('ghost', 'open'))],
  ['DescribeJobExecution', notFound, 'an unknown number', () => iot.describeJobExecution(execution('pump-1', 'open', { executionNumber: 2 }))],

  ['CancelJobExecution', invalid, 'eleven details', () => iot.cancelJobExecution(execution('pump-1', 'open', { statusDetails: pairs(11) }))],
  ['CancelJobExecution', invalid, 'a detail of 1025 characters', () => iot.cancelJobExecution(execution('pump-1', 'open', { statusDetails: { why: 'x'.repeat(1025) } }))],
  ['CancelJobExecution', invalid, 'an empty detail', () => iot.cancelJobExecution(execution('pump-1', 'open', { statusDetails: { why: '' } }))],
  ['CancelJobExecution', invalid, 'a detail with a name of 129 characters', () => iot.cancelJobExecution(execution('pump-1', 'open', { statusDetails: { ['x'.repeat(129)]: 'y' } }))],
  ['CancelJobExecution', invalidState, 'one in progress, without force', () => iot.cancelJobExecution(execution('pump-2', 'open'))],
  ['CancelJobExecution', invalidState, 'a finished one, with force', () => iot.cancelJobExecution(execution('pump-3', 'open', { force: true }))],
  ['CancelJobExecution', conflict, 'a version that has passed', () => iot.cancelJobExecution(execution('pump-1', 'open', { expectedVersion: 7 })), /found version 1/],
  ['CancelJobExecution', notFound, 'an unknown execution', () => iot.cancelJobExecution(execution('versioned', 'open'))],

  ['DeleteJobExecution', invalid, 'a job id with a blank', () => iot.deleteJobExecution(execution('pump-1', 'not valid', { executionNumber: 1 }))],
  ['DeleteJobExecution', invalidState, 'one in progress, without force', () => iot.deleteJobExecution(execution('pump-2', 'open', { executionNumber: 1 }))],
  ['DeleteJobExecution', notFound, 'an unknown number', () => iot.deleteJobExecution(execution('pump-2', 'open', { executionNumber: 9, force: true }))],

  ['ListJobExecutionsForJob', invalid, 'an unknown status', () => iot.listJobExecutionsForJob({ jobId: 'open', status: 'DONE' })],
  ['ListJobExecutionsForJob', notFound, 'an unknown job', () => iot.listJobExecutionsForJob({ jobId: 'ghost' })],
  ['ListJobExecutionsForThing', invalid, '251 results', () => iot.listJobExecutionsForThing({ thingName: 'pump-1', maxResults: 251 })],
  ['ListJobExecutionsForThing', notFound, 'an unknown thing', () => iot.listJobExecutionsForThing({ thingName: 'ghost' })],

  ['CreateThing', invalid, 'four attributes without a type', () => iot.createThing({ thingName: 'new', attributePayload: { attributes: pairs(4) } }), /To use more than 3 attributes, a thing must have a type specified/],
  ['CreateThing', exists, 'the same name with other attributes', () => iot.createThing({ thingName: 'versioned' }), /already exists in account with different attributes/],
  ['DescribeThing', notFound, 'an unknown thing', () => iot.describeThing({ thingName: 'ghost' })],
  ['UpdateThing', invalid, 'an attribute with a blank in its name', () => iot.updateThing({ thingName: 'versioned', attributePayload: { attributes: { 'not valid': 'x' } } })],
  ['UpdateThing', conflict, 'a version that has passed', () => iot.updateThing({ thingName: 'versioned', expectedVersion: 7, attributePayload: { attributes: { model: 'P-200' } } })],
  ['UpdateThing', notFound, 'an unknown thing', () => iot.updateThing({ thingName: 'ghost', attributePayload: { attributes: { model: 'P-200' } } })],
  ['DeleteThing', conflict, 'a version that has passed', () => iot.deleteThing({ thingName: 'versioned', expectedVersion: 7 })],
  ['DeleteThing', invalid, 'a name with a blank', () => iot.deleteThing({ thingName: 'not valid' })],
  ['ListThings', invalid, '251 results', () => iot.listThings({ maxResults: 251 })],

  ['CreateThingGroup', invalid, 'a name with a blank', () => iot.createThingGroup({ thingGroupName: 'not valid' })],
  ['CreateThingGroup', exists, 'the same name with another parent', () => iot.createThingGroup({ thingGroupName: 'pumps' })],
  ['DescribeThingGroup', notFound, 'an unknown group', () => iot.describeThingGroup({ thingGroupName: 'ghosts' })],
  ['UpdateThingGroup', conflict, 'a version that has passed', () => iot.updateThingGroup({ thingGroupName: 'pumps', thingGroupProperties: {}, expectedVersion: 7 })],
  ['UpdateThingGroup', notFound, 'an unknown group', () => iot.updateThingGroup({ thingGroupName: 'ghosts', thingGroupProperties: {} })],
  ['DeleteThingGroup', invalid, 'a group with children', () => iot.deleteThingGroup({ thingGroupName: 'site' }), /when there are still child groups attached to it/],
  ['DeleteThingGroup', conflict, 'a version that has passed', () => iot.deleteThingGroup({ thingGroupName: 'pumps', expectedVersion: 7 })],
  ['ListThingGroups', notFound, 'an unknown parent', () => iot.listThingGroups({ parentGroup: 'ghosts' })],
  ['AddThingToThingGroup', notFound, 'an unknown group', () => iot.addThingToThingGroup({ thingGroupName: 'ghosts', thingName: 'pump-1' })],
  ['AddThingToThingGroup', notFound, 'an unknown thing', () => iot.addThingToThingGroup({ thingGroupName: 'pumps', thingName: 'ghost' })],
  ['RemoveThingFromThingGroup', notFound, 'an unknown group', () => iot.removeThingFromThingGroup({ thingGroupName: 'ghosts', thingName: 'pump-1' })],
  ['UpdateThingGroupsForThing', notFound, 'an unknown thing', () => iot.updateThingGroupsForThing({ thingName: 'ghost', thingGroupsToAdd: ['pumps'] })],
  ['ListThingsInThingGroup', notFound, 'an unknown group', () => iot.listThingsInThingGroup({ thingGroupName: 'ghosts' })],
  ['ListThingGroupsForThing', notFound, 'an unknown thing', () => iot.listThingGroupsForThing({ thingName: 'ghost' })],
  ['DescribeEndpoint', invalid, 'an unknown type', () => iot.describeEndpoint({ endpointType: 'iot:Nothing' })],
];

// The same, called with the device's client: these are said through both ways to the data plane.
const dataPlane = [
  ['GetPendingJobExecutions', invalid, 'a thing with a blank', (device) => device.getPendingJobExecutions({ thingName: 'not valid' })],
  ['GetPendingJobExecutions', notFound, 'an unknown thing', (device) => device.getPendingJobExecutions({ thingName: 'ghost' })],

  ['StartNextPendingJobExecution', invalid, 'eleven details', (device) => device.startNextPendingJobExecution({ thingName: 'pump-1', statusDetails: pairs(11) })],
  ['StartNextPendingJobExecution', invalid, 'a step timeout of 0', (device) => device.startNextPendingJobExecution({ thingName: 'pump-1', stepTimeoutInMinutes: 0 })],
  ['StartNextPendingJobExecution', notFound, 'an unknown thing', (device) => device.startNextPendingJobExecution({ thingName: 'ghost' })],

  ['DescribeJobExecution', invalid, 'a job id with a blank', (device) => device.describeJobExecution(execution('pump-1', 'not valid'))],
  ['DescribeJobExecution', notFound, 'an unknown job', (device) => device.describeJobExecution(execution('pump-1', 'ghost'))],
  ['DescribeJobExecution', notFound, 'an unknown thing', (device) => device.describeJobExecution(execution('ghost', 'open'))],
  ['DescribeJobExecution', notFound, 'an unknown number', (device) => device.describeJobExecution(execution('pump-1', 'open', { executionNumber: 2 }))],
  ['DescribeJobExecution', terminal, 'a finished execution', (device) => device.describeJobExecution(execution('pump-3', 'open'))],

  ['UpdateJobExecution', invalid, 'no status', (device) => device.updateJobExecution(execution('pump-1', 'open')), /Value null at 'status' failed to satisfy constraint: Member must not be null/],
  ['UpdateJobExecution', invalid, 'an unknown status', (device) => device.updateJobExecution(execution('pump-1', 'open', { status: 'DONE' })), /enum value set/],
  ['UpdateJobExecution', invalid, 'eleven details', (device) => device.updateJobExecution(execution('pump-1', 'open', { status: 'FAILED', statusDetails: pairs(11) }))],
  ['UpdateJobExecution', notFound, 'an unknown job', (device) => device.updateJobExecution(execution('pump-1', 'ghost', { status: 'FAILED' }))],
  ['UpdateJobExecution', notFound, 'an unknown number', (device) => device.updateJobExecution(execution('pump-1', 'open', { status: 'FAILED', executionNumber: 2 }))],
  ['UpdateJobExecution', invalidState, 'a finished execution', (device) => device.updateJobExecution(execution('pump-3', 'open', { status: 'FAILED' }))],
  ['UpdateJobExecution', invalidState, 'going back to QUEUED', (device) => device.updateJobExecution(execution('pump-2', 'open', { status: 'QUEUED' }))],
  ...['CANCELED', 'TIMED_OUT', 'REMOVED'].map((status) => ['UpdateJobExecution', invalidState, `setting ${status}`, (device) => device.updateJobExecution(execution('pump-2', 'open', { status })), new RegExp(`cannot be changed to be ${status}`)]),
  ['UpdateJobExecution', invalidState, 'a version that has passed', (device) => device.updateJobExecution(execution('pump-2', 'open', { status: 'FAILED', expectedVersion: 99 })), /Expected version 99 but found version 2/],
];

describe('The control plane refuses', () => {
  for (const [operation, [name, status], what, call, message] of controlPlane)
    test(`${operation}: ${what} (${name})`, async () => {
      const error = await refused(call(), name, status, message);
      assert.ok(error instanceof control[name], 'the SDK has its own class for this error');
    });
});

for (const [way, endpoint] of [['by its signature', url], ['by the path prefix', `${url}/iot-jobs-data`]])
  describe(`The data plane, reached ${way}, refuses`, () => {
    for (const [operation, [name, status], what, call, message] of dataPlane)
      test(`${operation}: ${what} (${name})`, async () => {
        const error = await refused(call(home.deviceAt(endpoint)), name, status, message);
        assert.ok(error instanceof data[name], 'the SDK has its own class for this error');
      });
  });

test('What is refused has changed nothing', async () => {
  const standing = { 'pump-1': 'QUEUED', 'pump-2': 'IN_PROGRESS', 'pump-3': 'SUCCEEDED' };
  assert.deepEqual(await home.standing('open'), standing);
  for (const [thingName, version] of [['pump-1', 1], ['pump-2', 2], ['pump-3', 2]])
    assert.equal((await iot.describeJobExecution({ thingName, jobId: 'open' })).execution.versionNumber, version);
  assert.deepEqual((await iot.listJobs({})).jobs.map((j) => j.jobId).sort(), ['cancelled', 'continuous', 'open']);
  assert.deepEqual((await iot.describeJob({ jobId: 'continuous' })).job.targets, [arn('thinggroup/site')]);
});

test('ResourceAlreadyExistsException says which resource', async () => {
  const error = await refused(job('open'), ...exists);
  assert.deepEqual([error.resourceId, error.resourceArn], ['open', arn('job/open')]);
});

test('A wrong region in the ARN of a target is not found', async () => {
  const elsewhere = arn('thing/pump-1').replace(/iot:[a-z0-9-]+:/, 'iot:eu-north-1:');
  await refused(job('new', { targets: [elsewhere] }), ...notFound);
});
