// Jobs: creating, changing, cancelling and deleting them.

/** A job that is COMPLETED. */
async function completedJob(t, thing) {
  const jobId = await t.job([thing]);
  await t.report(thing, jobId, 'SUCCEEDED');
  await t.status(jobId, 'COMPLETED');
  return jobId;
}

/** A job that was cancelled, without things that are still at it. */
async function canceledJob(t, thing) {
  const jobId = await t.job([thing]);
  await t.iot.cancelJob({ jobId });
  await t.status(jobId, 'CANCELED');
  return jobId;
}

/** A job whose deletion has begun. It has been gone already where a deletion takes no time. */
async function deletingJob(t, thing) {
  const jobId = await completedJob(t, thing);
  await t.iot.deleteJob({ jobId });
  return jobId;
}

const one = { things: 1, jobs: 1 };

export default [
  {
    id: 'create-job-twice',
    question: 'How is a second CreateJob with the same id and the same members answered?',
    creates: one,
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      return t.createJob({ jobId, targets: [thing] });
    },
  },
  {
    id: 'describe-unknown-job',
    question: 'What does the error say when a job does not exist?',
    async observe(t) {
      const jobId = t.name('job');
      return {
        describe: await t.ask(t.iot.describeJob({ jobId })),
        document: await t.ask(t.iot.getJobDocument({ jobId })),
        cancel: await t.ask(t.iot.cancelJob({ jobId })),
        delete: await t.ask(t.iot.deleteJob({ jobId })),
        update: await t.ask(t.iot.updateJob({ jobId, description: 'new' })),
        executions: await t.ask(t.iot.listJobExecutionsForJob({ jobId })),
      };
    },
  },
  {
    id: 'update-unknown-job-with-nothing',
    question: 'Is an UpdateJob without members refused before or after the job is looked for?',
    observe: (t) => t.ask(t.iot.updateJob({ jobId: t.name('job') })),
  },
  {
    id: 'cancel-completed-job',
    question: 'Can a job be cancelled once it is COMPLETED?',
    creates: one,
    async observe(t) {
      const jobId = await completedJob(t, await t.thing());
      const cancel = await t.ask(t.iot.cancelJob({ jobId }));
      const withForce = await t.ask(t.iot.cancelJob({ jobId, force: true }));
      return { cancel, withForce, status: await t.status(jobId) };
    },
  },
  {
    id: 'cancel-canceled-job',
    question: 'Can a job be cancelled again once it is CANCELED, and with force?',
    creates: one,
    async observe(t) {
      const jobId = await canceledJob(t, await t.thing());
      const cancel = await t.ask(t.iot.cancelJob({ jobId, comment: 'again' }));
      const withForce = await t.ask(t.iot.cancelJob({ jobId, force: true }));
      const { comment, forceCanceled } = await t.describeJob(jobId);
      return { cancel, withForce, comment, forceCanceled };
    },
  },
  {
    id: 'cancel-job-being-deleted',
    question: 'How is the cancellation of a job answered while it is being deleted?',
    creates: one,
    async observe(t) {
      const jobId = await deletingJob(t, await t.thing());
      return { status: await t.status(jobId), cancel: await t.ask(t.iot.cancelJob({ jobId })) };
    },
  },
  {
    id: 'delete-job-being-deleted',
    question: 'How is the deletion of a job answered while it is already being deleted, without and with force?',
    creates: one,
    async observe(t) {
      const jobId = await deletingJob(t, await t.thing());
      return { without: await t.ask(t.iot.deleteJob({ jobId })), withForce: await t.ask(t.iot.deleteJob({ jobId, force: true })) };
    },
  },
  {
    id: 'update-job-being-deleted',
    question: 'How is UpdateJob answered while a job is being deleted?',
    creates: one,
    async observe(t) {
      const jobId = await deletingJob(t, await t.thing());
      return t.ask(t.iot.updateJob({ jobId, description: 'new' }));
    },
  },
  {
    id: 'create-job-of-an-id-being-deleted',
    question: 'Can the id of a job be used again while the job is being deleted, and afterwards?',
    creates: one,
    async observe(t) {
      const thing = await t.thing();
      const jobId = await deletingJob(t, thing);
      const during = await t.createJob({ jobId, targets: [thing] });
      await t.status(jobId, 'gone');
      return { during, afterwards: during.status === 200 ? 'not asked' : await t.createJob({ jobId, targets: [thing] }) };
    },
  },
  {
    id: 'read-job-being-deleted',
    question: 'Can a job, its document and its executions be read while it is being deleted?',
    creates: one,
    async observe(t) {
      const thing = await t.thing();
      const jobId = await deletingJob(t, thing);
      const [describe, document, executions, execution] = await Promise.all([
        t.ask(t.iot.describeJob({ jobId })),
        t.ask(t.iot.getJobDocument({ jobId })),
        t.ask(t.iot.listJobExecutionsForJob({ jobId })),
        t.ask(t.iot.describeJobExecution({ jobId, thingName: thing.name })),
      ]);
      return { describe, document, executions, execution };
    },
  },
  {
    id: 'delete-job-in-progress',
    question: 'How is the deletion of a job that is IN_PROGRESS answered without force?',
    creates: one,
    async observe(t) {
      const jobId = await t.job([await t.thing()]);
      return t.ask(t.iot.deleteJob({ jobId }));
    },
  },
  {
    id: 'delete-job-with-force',
    question: 'What does a device see of a job that is deleted with force while the device is at it?',
    creates: one,
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      await t.start(thing);
      const deleted = await t.ask(t.iot.deleteJob({ jobId, force: true }));
      const next = await t.ask(t.jobsData.describeJobExecution({ thingName: thing.name, jobId: '$next' }));
      const update = await t.ask(t.report(thing, jobId, 'SUCCEEDED'));
      return { deleted, next, update };
    },
  },
  {
    id: 'update-finished-job',
    question: 'How is UpdateJob answered for a job that is COMPLETED or CANCELED?',
    creates: { things: 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await completedJob(t, thing);
      const canceled = await t.job([thing], { label: 'b' });
      await t.iot.cancelJob({ jobId: canceled });
      return {
        completed: await t.ask(t.iot.updateJob({ jobId, description: 'new' })),
        canceled: await t.ask(t.iot.updateJob({ jobId: canceled, description: 'new' })),
      };
    },
  },
  {
    id: 'cancel-job-while-in-progress',
    question: 'What are the status, isConcurrent and the counters of a job right after its cancellation and once its last device has finished?',
    creates: { things: 2, jobs: 1 },
    async observe(t) {
      const things = [await t.thing('a'), await t.thing('b')];
      const jobId = await t.job(things);
      await t.start(things[0]);
      await t.iot.cancelJob({ jobId, reasonCode: 'WRONG_VERSION', comment: 'the wrong version' });
      const view = ({ status, isConcurrent, completedAt, reasonCode, comment, forceCanceled }) => ({ status, isConcurrent, completedAt, reasonCode, comment, forceCanceled });
      const rightAfter = (await t.describeJob(jobId)).status;
      const canceled = view(await t.until(() => t.describeJob(jobId), (job) => job.jobProcessDetails.numberOfCanceledThings === 1));
      const counts = await t.counts(jobId);
      await t.report(things[0], jobId, 'SUCCEEDED');
      await t.service.settle();
      return { rightAfter, canceled, counts, finished: view(await t.describeJob(jobId)), countsFinished: await t.counts(jobId) };
    },
  },
  {
    id: 'cancel-job-without-executions-in-progress',
    question: 'Has a job that was cancelled with all its executions QUEUED a completedAt?',
    creates: one,
    async observe(t) {
      const jobId = await canceledJob(t, await t.thing());
      await t.until(() => t.counts(jobId), ({ Canceled }) => Canceled === 1);
      const { status, completedAt, isConcurrent } = await t.describeJob(jobId);
      return { status, completedAt, isConcurrent, counts: await t.counts(jobId) };
    },
  },
  {
    id: 'force-in-the-body',
    question: 'Is force obeyed in the body of CancelJob and CancelJobExecution, or in the query only?',
    creates: { things: 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      await t.start(thing);
      const job = await t.request('iot', 'PUT', `/jobs/${jobId}/cancel`, { body: { force: true } });
      await t.service.settle();
      const afterJob = await t.executions(jobId);
      const { forceCanceled } = await t.describeJob(jobId);
      await t.ask(t.report(thing, jobId, 'SUCCEEDED'));
      const second = await t.job([thing], { label: 'b' });
      await t.start(thing);
      const execution = await t.request('iot', 'PUT', `/things/${thing.name}/jobs/${second}/cancel`, { body: { force: true } });
      await t.service.settle();
      return { job: job.status, forceCanceled, afterJob, execution, afterExecution: await t.executions(second) };
    },
  },
  {
    id: 'answers-without-members',
    question: 'What is the body of an answer that has no members?',
    creates: { things: 1, jobs: 1, 'job templates': 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      const template = t.name('template');
      await t.createTemplate({ jobTemplateId: template, document: '{}', description: 'short-lived' });
      return {
        updateJob: await t.request('iot', 'PATCH', `/jobs/${jobId}`, { body: { description: 'new' } }),
        cancelJobExecution: await t.request('iot', 'PUT', `/things/${thing.name}/jobs/${jobId}/cancel`, { body: {} }),
        deleteJobExecution: await t.request('iot', 'DELETE', `/things/${thing.name}/jobs/${jobId}/executionNumber/1`),
        deleteJob: await t.request('iot', 'DELETE', `/jobs/${jobId}`, { query: { force: 'true' } }),
        deleteJobTemplate: await t.request('iot', 'DELETE', `/job-templates/${template}`),
      };
    },
  },
  {
    id: 'members-of-a-job',
    question: 'Which members has a job on the wire, null ones included, when it was created with targets and a document only?',
    creates: one,
    async observe(t) {
      const jobId = await t.job([await t.thing()]);
      return t.request('iot', 'GET', `/jobs/${jobId}`);
    },
  },
  {
    id: 'status-of-a-finished-job',
    question: 'Is the status of a finished job COMPLETED or SUCCEEDED, and which times does the job have then?',
    creates: one,
    async observe(t) {
      const jobId = await completedJob(t, await t.thing());
      const { status, createdAt, lastUpdatedAt, completedAt } = await t.describeJob(jobId);
      return { status, completedAt, completedBeforeLastUpdate: completedAt < lastUpdatedAt, updatedAfterCreation: lastUpdatedAt > createdAt || completedAt >= createdAt };
    },
  },
  {
    id: 'job-on-an-empty-group',
    question: 'What becomes of a snapshot job whose only target is a thing group without things?',
    creates: { 'thing groups': 1, jobs: 1 },
    async observe(t) {
      const group = await t.group();
      const jobId = await t.job([group]);
      const status = await t.status(jobId, 'COMPLETED');
      const { completedAt, isConcurrent } = await t.describeJob(jobId);
      return { status, completedAt, isConcurrent, counts: await t.counts(jobId) };
    },
  },
  {
    id: 'continuous-job-on-an-empty-group',
    question: 'Does a continuous job whose only target is a thing group without things stay IN_PROGRESS?',
    creates: { 'thing groups': 1, jobs: 1 },
    async observe(t) {
      const jobId = await t.job([await t.group()], { targetSelection: 'CONTINUOUS' });
      await t.service.settle();
      const { status, isConcurrent } = await t.describeJob(jobId);
      return { status, isConcurrent };
    },
  },
  {
    id: 'thing-named-by-several-targets',
    question: 'Does a thing that several targets name get one execution or several?',
    creates: { things: 1, 'thing groups': 2, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const groups = [await t.group('a', { things: [thing] }), await t.group('b', { things: [thing] })];
      const jobId = await t.job([thing, ...groups]);
      const twice = await t.createJob({ label: 'b', targets: [thing, thing] });
      return { executions: await t.executions(jobId), sameTargetTwice: twice };
    },
  },
  {
    id: 'too-many-targets',
    question: 'How is CreateJob answered with 101 targets?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const targets = Array.from({ length: 101 }, (_, index) => `${thing.arn}-${index}`);
      const { status, error, message } = await t.createJob({ targets });
      return { status, error, message };
    },
  },
  {
    id: 'unknown-targets',
    question: 'How is CreateJob answered with a target that does not exist, of another account, of another region, or that is no thing or group?',
    creates: { things: 1, jobs: 5 },
    async observe(t) {
      const thing = await t.thing();
      const [, , , region, account] = thing.arn.split(':');
      const create = (label, target) => t.createJob({ label, targets: [target] });
      return {
        unknownThing: await create('a', `${thing.arn}-unknown`),
        unknownGroup: await create('b', `${thing.arn.replace(':thing/', ':thinggroup/')}-unknown`),
        otherAccount: await create('c', thing.arn.replace(account, '111122223333')),
        otherRegion: await create('d', thing.arn.replace(region, region === 'eu-west-1' ? 'eu-west-2' : 'eu-west-1')),
        noThing: await create('e', thing.arn.replace(':thing/', ':job/')),
      };
    },
  },
  {
    id: 'associate-targets',
    question: 'How is AssociateTargetsWithJob answered for a snapshot job, a cancelled job, an unknown target and too many targets?',
    creates: { things: 1, 'thing groups': 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const snapshot = await t.job([thing]);
      const continuous = await t.job([await t.group()], { label: 'b', targetSelection: 'CONTINUOUS' });
      const associate = async (jobId, targets) => {
        const { status, error, message, answer } = await t.ask(t.iot.associateTargetsWithJob({ jobId, targets, comment: 'more' }));
        return { status, error, message, answer };
      };
      const result = {
        snapshot: await associate(snapshot, [thing.arn]),
        unknown: await associate(continuous, [`${thing.arn}-unknown`]),
        tooMany: await associate(continuous, Array.from({ length: 101 }, (_, index) => `${thing.arn}-${index}`)),
        thing: await associate(continuous, [thing.arn]),
        again: await associate(continuous, [thing.arn]),
      };
      await t.iot.cancelJob({ jobId: continuous });
      return { ...result, canceled: await associate(continuous, [thing.arn]) };
    },
  },
  {
    id: 'document-that-is-no-json',
    question: 'Is a document accepted that is no JSON?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      return t.createJob({ targets: [await t.thing()], document: 'install version 2' });
    },
  },
  {
    id: 'document-that-is-no-object',
    question: 'Is a document accepted that is JSON but no object, and what does a device get of it?',
    creates: { things: 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const device = await t.device(thing);
      const list = await t.createJob({ label: 'a', targets: [thing], document: '[1, 2]' });
      const text = await t.createJob({ label: 'b', targets: [thing], document: '"install"' });
      await t.service.settle();
      return { list, text, https: await t.ask(t.jobsData.startNextPendingJobExecution({ thingName: thing.name })), mqtt: await device.request('$next/get') };
    },
  },
  {
    id: 'empty-document',
    question: 'Is an empty document accepted?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      return t.createJob({ targets: [await t.thing()], document: '' });
    },
  },
  {
    id: 'no-document-and-two-documents',
    question: 'How is CreateJob answered without a document, and with a document and a link to one?',
    creates: { things: 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      return {
        none: await t.createJob({ label: 'a', targets: [thing], document: undefined }),
        both: await t.createJob({ label: 'b', targets: [thing], document: '{}', documentSource: 'https://s3.amazonaws.com/bucket/key.json' }),
      };
    },
  },
  {
    id: 'document-that-cannot-be-read',
    question: 'What does the error say when the document of a link cannot be read?',
    creates: { things: 1, jobs: 3 },
    async observe(t) {
      const thing = await t.thing();
      const bucket = t.name('bucket');
      return {
        noBucket: await t.createJob({ label: 'a', targets: [thing], documentSource: `https://s3.amazonaws.com/${bucket}/job.json` }),
        notInS3: await t.createJob({ label: 'b', targets: [thing], documentSource: 'https://example.com/job.json' }),
        noLink: await t.createJob({ label: 'c', targets: [thing], documentSource: 'job.json' }),
      };
    },
  },
  {
    id: 'placeholder-without-a-role',
    question: 'Is a document with a placeholder for a presigned URL accepted without presignedUrlConfig, and what does a device get of it?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const bucket = t.name('bucket');
      const create = await t.createJob({ targets: [thing], document: `{"url":"\${aws:iot:s3-presigned-url:https://s3.amazonaws.com/${bucket}/firmware.bin}"}` });
      await t.service.settle();
      return { create, start: await t.ask(t.jobsData.startNextPendingJobExecution({ thingName: thing.name })) };
    },
  },
  {
    id: 'tags-of-a-deleted-job',
    question: 'What becomes of the tags of a job when it is deleted?',
    creates: one,
    async observe(t) {
      const jobId = await t.job([await t.thing()], { tags: [{ Key: 'team', Value: 'pumps' }] });
      const { jobArn: resourceArn } = await t.describeJob(jobId);
      const before = await t.ask(t.iot.listTagsForResource({ resourceArn }));
      await t.iot.deleteJob({ jobId, force: true });
      await t.status(jobId, 'gone');
      return { before, after: await t.ask(t.iot.listTagsForResource({ resourceArn })) };
    },
  },
  {
    id: 'lengths-of-tags',
    question: 'How long may the key and the value of a tag be?',
    creates: one,
    async observe(t) {
      const jobId = await t.job([await t.thing()]);
      const { jobArn: resourceArn } = await t.describeJob(jobId);
      const tag = async (key, value) => {
        const { status, error, message } = await t.ask(t.iot.tagResource({ resourceArn, tags: [{ Key: 'k'.repeat(key), Value: 'v'.repeat(value) }] }));
        return { status, error, message: message?.replace(/([kv])\1{9,}/g, '$1...') };
      };
      return { 'key 128': await tag(128, 1), 'key 129': await tag(129, 1), 'value 256': await tag(1, 256), 'value 257': await tag(2, 257) };
    },
  },
  {
    id: 'untag-a-key-that-is-not-there',
    question: 'Is it an error to remove a tag that a job does not have?',
    creates: one,
    async observe(t) {
      const jobId = await t.job([await t.thing()]);
      const { jobArn: resourceArn } = await t.describeJob(jobId);
      return t.ask(t.iot.untagResource({ resourceArn, tagKeys: ['team'] }));
    },
  },
  {
    id: 'first-executions-of-a-job',
    question: 'Are executions there as soon as CreateJob has answered?',
    creates: one,
    async observe(t) {
      const thing = await t.thing();
      const jobId = t.name('job');
      await t.createJob({ jobId, targets: [thing] });
      const atOnce = await t.executions(jobId);
      const { isConcurrent, processingTargets, status } = await t.describeJob(jobId);
      await t.until(() => t.executions(jobId), ({ length }) => length > 0);
      return { atOnce, isConcurrent, processingTargets, status, soon: await t.executions(jobId) };
    },
  },
];
