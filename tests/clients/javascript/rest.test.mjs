// Templates, tags, types, billing groups, principals, dynamic groups and events, as the SDK calls them.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, plain, recent, refused, url } from './emulator.mjs';

test('A job is made from a template, and the template goes', async () => {
  const { iot, arn, things, device } = account();
  await things('pump-1');
  const document = '{"operation":"install"}';
  const created = plain(await iot.createJobTemplate({ jobTemplateId: 'update', description: 'Updates', document, timeoutConfig: { inProgressTimeoutInMinutes: 5 } }));
  assert.deepEqual(created, { jobTemplateArn: arn('jobtemplate/update'), jobTemplateId: 'update' });
  const error = await refused(iot.createJobTemplate({ jobTemplateId: 'update', description: 'Updates', document }), 'ConflictException', 409);
  assert.equal(error.resourceId, 'update');

  await iot.createJob({ jobId: 'job-1', targets: [arn('thing/pump-1')], jobTemplateArn: created.jobTemplateArn });
  const { job } = await iot.describeJob({ jobId: 'job-1' });
  assert.deepEqual([job.jobTemplateArn, job.timeoutConfig], [created.jobTemplateArn, { inProgressTimeoutInMinutes: 5 }]);
  const { execution } = await device.startNextPendingJobExecution({ thingName: 'pump-1' });
  assert.equal(execution.jobDocument, document);

  const described = await iot.describeJobTemplate({ jobTemplateId: 'update' });
  assert.ok(recent(described.createdAt));
  assert.equal(described.document, document);
  assert.deepEqual((await iot.listJobTemplates({})).jobTemplates.map((template) => template.jobTemplateId), ['update']);
  await iot.deleteJobTemplate({ jobTemplateId: 'update' });
  await refused(iot.describeJobTemplate({ jobTemplateId: 'update' }), 'ResourceNotFoundException', 404);
});

test('A job is made from a template that AWS provides', async () => {
  const { iot, arn, things } = account();
  await things('pump-1');
  const { managedJobTemplates } = await iot.listManagedJobTemplates({ templateName: 'AWS-Download-File' });
  const [{ templateArn }] = managedJobTemplates;
  const { documentParameters } = await iot.describeManagedJobTemplate({ templateName: 'AWS-Download-File' });
  assert.deepEqual(documentParameters.filter((parameter) => !parameter.optional).map((parameter) => parameter.key), ['downloadUrl', 'filePath']);
  const job = (documentParameters) => iot.createJob({ jobId: 'download', targets: [arn('thing/pump-1')], jobTemplateArn: templateArn, documentParameters });
  await refused(job(), 'InvalidRequestException', 400, /downloadUrl/);
  await job({ downloadUrl: 'https://example.com/a', filePath: '/tmp/a' });
  assert.match((await iot.getJobDocument({ jobId: 'download' })).document, /"https:\/\/example.com\/a","\/tmp\/a"/);
});

test('Resources have tags', async () => {
  const { iot, arn } = account();
  await iot.createThingGroup({ thingGroupName: 'pumps', tags: [{ Key: 'owner', Value: 'me' }] });
  const resourceArn = arn('thinggroup/pumps');
  await iot.tagResource({ resourceArn, tags: [{ Key: 'site', Value: 'north' }] });
  await iot.untagResource({ resourceArn, tagKeys: ['owner'] });
  assert.deepEqual((await iot.listTagsForResource({ resourceArn })).tags, [{ Key: 'site', Value: 'north' }]);
  await refused(iot.tagResource({ resourceArn: arn('job/none'), tags: [{ Key: 'a', Value: 'b' }] }), 'ResourceNotFoundException', 404);
});

test('Things are of a type, which is deprecated before it goes', async () => {
  const { iot } = account();
  const thingTypeName = 'pump';
  await iot.createThingType({ thingTypeName, thingTypeProperties: { thingTypeDescription: 'Pumps', searchableAttributes: ['site', 'model'] } });
  await iot.updateThingType({ thingTypeName, thingTypeProperties: { searchableAttributes: ['site'] } });
  const described = await iot.describeThingType({ thingTypeName });
  assert.deepEqual(described.thingTypeProperties, { thingTypeDescription: 'Pumps', searchableAttributes: ['site'] });
  assert.ok(recent(described.thingTypeMetadata.creationDate));
  assert.deepEqual((await iot.listThingTypes({})).thingTypes.map((type) => type.thingTypeName), [thingTypeName]);
  await refused(iot.deleteThingType({ thingTypeName }), 'InvalidRequestException', 400, /deprecated/);
  await iot.deprecateThingType({ thingTypeName });
  await refused(iot.createThing({ thingName: 'pump-1', thingTypeName }), 'InvalidRequestException', 400);
  await iot.deprecateThingType({ thingTypeName, undoDeprecate: true });
  await iot.createThing({ thingName: 'pump-1', thingTypeName });
});

test('Things are in a billing group', async () => {
  const { iot, things } = account();
  const billingGroupName = 'plant-1';
  await things('pump-1');
  await iot.createBillingGroup({ billingGroupName, billingGroupProperties: { billingGroupDescription: 'The plant' } });
  await iot.addThingToBillingGroup({ billingGroupName, thingName: 'pump-1' });
  assert.deepEqual((await iot.listThingsInBillingGroup({ billingGroupName })).things, ['pump-1']);
  assert.equal((await iot.updateBillingGroup({ billingGroupName, billingGroupProperties: {}, expectedVersion: 1 })).version, 2);
  assert.equal((await iot.describeBillingGroup({ billingGroupName })).version, 2);
  assert.deepEqual((await iot.listBillingGroups({})).billingGroups.map((group) => group.groupName), [billingGroupName]);
  await refused(iot.deleteBillingGroup({ billingGroupName }), 'InvalidRequestException', 400);
  await iot.removeThingFromBillingGroup({ billingGroupName, thingName: 'pump-1' });
  await iot.deleteBillingGroup({ billingGroupName });
  await refused(iot.describeBillingGroup({ billingGroupName }), 'ResourceNotFoundException', 404);
});

test('Things have principals', async () => {
  const { iot, arn, things } = account();
  const principal = arn('cert/4f1d');
  await things('pump-1');
  await iot.attachThingPrincipal({ thingName: 'pump-1', principal });
  assert.deepEqual((await iot.listThingPrincipals({ thingName: 'pump-1' })).principals, [principal]);
  assert.deepEqual((await iot.listPrincipalThings({ principal })).things, ['pump-1']);
  await refused(iot.deleteThing({ thingName: 'pump-1' }), 'InvalidRequestException', 400, /still attached/);
  await iot.detachThingPrincipal({ thingName: 'pump-1', principal });
  await iot.deleteThing({ thingName: 'pump-1' });
});

test('A dynamic group follows the registry', async () => {
  const { iot } = account();
  const thingGroupName = 'northern';
  await iot.createThing({ thingName: 'pump-1', attributePayload: { attributes: { site: 'north' } } });
  const created = await iot.createDynamicThingGroup({ thingGroupName, queryString: 'attributes.site:north' });
  assert.deepEqual([created.indexName, created.queryVersion], ['AWS_Things', '2017-09-30']);
  const members = async () => (await iot.listThingsInThingGroup({ thingGroupName })).things;
  assert.deepEqual(await members(), ['pump-1']);
  await iot.updateDynamicThingGroup({ thingGroupName, thingGroupProperties: {}, queryString: 'NOT attributes.site:north' });
  assert.deepEqual(await members(), []);
  await refused(iot.createDynamicThingGroup({ thingGroupName: 'warm', queryString: 'shadow.reported.temperature:20' }), 'InvalidQueryException', 400);
  await iot.deleteDynamicThingGroup({ thingGroupName });
});

test('Events are switched on', async () => {
  const { iot } = account();
  await iot.updateEventConfigurations({ eventConfigurations: { JOB: { Enabled: true } } });
  const { eventConfigurations, lastModifiedDate } = await iot.describeEventConfigurations({});
  assert.deepEqual([eventConfigurations.JOB, eventConfigurations.THING], [{ Enabled: true }, { Enabled: false }]);
  assert.ok(recent(lastModifiedDate));
});

test('An operation that the emulator lacks is named, and asked for once', async () => {
  const { iot } = account();
  const error = await refused(iot.createPolicy({ policyName: 'all', policyDocument: '{}' }), 'NotImplementedException', 501, /^CreatePolicy /);
  assert.equal(error.$metadata.attempts, 1, url);
});
