// Jobs with a namespace: on which topics devices hear of them, and where they are seen.

const create = (t, thing, namespaceId, label) => t.job([thing], { label, namespaceId });

export default [
  {
    id: 'topics-of-a-namespace',
    question: 'On which topics is a device told of a job with a namespace, and do the plain topics carry it, too?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const device = await t.device(thing, ['#']);
      const jobId = await create(t, thing, t.name('namespace'));
      const queued = await device.heard();
      await t.report(thing, jobId, 'SUCCEEDED');
      return { queued, finished: await device.topics() };
    },
  },
  {
    id: 'head-of-a-namespace',
    question: 'On which topics is a device told of a job with a namespace when a job without one is before it?',
    creates: { things: 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const plain = await t.job([thing], { label: 'plain' });
      await t.service.wait(1);
      const device = await t.device(thing, ['#']);
      await create(t, thing, t.name('namespace'), 'named');
      const queued = await device.topics();
      await t.report(thing, plain, 'SUCCEEDED');
      return { queued, plainFinished: await device.topics() };
    },
  },
  {
    id: 'requests-in-a-namespace',
    question: 'How are requests answered on the topics of a namespace, and on the plain ones for a job with a namespace?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const namespace = t.name('namespace');
      const jobId = await create(t, thing, namespace);
      const device = await t.device(thing);
      return {
        get: await device.request(`${jobId}/namespace-${namespace}/get`),
        next: await device.request(`$next/namespace-${namespace}/get`),
        otherNext: await device.request(`$next/namespace-${namespace}-other/get`),
        plainGet: await device.request(`${jobId}/get`),
        plainNext: await device.request('$next/get'),
        pending: await device.request('get'),
        update: await device.request(`${jobId}/namespace-${namespace}/update`, { status: 'IN_PROGRESS' }),
        otherUpdate: await device.request(`${jobId}/namespace-${namespace}-other/update`, { status: 'IN_PROGRESS' }),
        plainUpdate: await device.request(`${jobId}/update`, { status: 'SUCCEEDED' }),
      };
    },
  },
  {
    id: 'start-next-in-a-namespace',
    question: 'Does a device over HTTPS see and start a job with a namespace?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      await create(t, thing, t.name('namespace'));
      return {
        pending: await t.ask(t.jobsData.getPendingJobExecutions({ thingName: thing.name })),
        start: await t.ask(t.jobsData.startNextPendingJobExecution({ thingName: thing.name })),
      };
    },
  },
  {
    id: 'namespace-of-a-call',
    question: 'How is a call answered that names a namespace which is not the job’s?',
    creates: { things: 1, 'thing groups': 1, jobs: 3 },
    async observe(t) {
      const thing = await t.thing();
      const group = await t.group('', { things: [thing] });
      const [namespaceId, other] = [t.name('namespace'), t.name('namespace', 'other')];
      const named = await t.job([group], { label: 'named', namespaceId, executions: 1, targetSelection: 'CONTINUOUS' });
      const plain = await t.job([thing], { label: 'plain' });
      const canceled = await t.job([thing], { label: 'canceled', namespaceId });
      const calls = async (jobId, of) => ({
        update: await t.ask(t.iot.updateJob({ jobId, namespaceId: of, description: 'new' })),
        execution: await t.ask(t.iot.deleteJobExecution({ thingName: thing.name, jobId, executionNumber: 1, force: true, namespaceId: of })),
        delete: await t.ask(t.iot.deleteJob({ jobId, force: true, namespaceId: of })),
      });
      return {
        associate: await t.ask(t.iot.associateTargetsWithJob({ jobId: named, targets: [thing.arn], namespaceId: other })),
        otherOfANamed: await calls(named, other),
        namedOfAPlain: await calls(plain, other),
        deleteCanceled: [await t.ask(t.iot.cancelJob({ jobId: canceled })), await t.ask(t.iot.deleteJob({ jobId: canceled, namespaceId: other }))],
      };
    },
  },
  {
    id: 'lists-of-a-namespace',
    question: 'Do lists without a namespace contain jobs that have one, and which member says it?',
    creates: { things: 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const namespaceId = t.name('namespace');
      await create(t, thing, namespaceId, 'named');
      await t.job([thing], { label: 'plain' });
      const ids = async (of) => (await t.iot.listJobExecutionsForThing({ thingName: thing.name, namespaceId: of })).executionSummaries.map(({ jobId }) => jobId).sort();
      return {
        executions: { all: await ids(), ofTheNamespace: await ids(namespaceId), ofAnother: await ids(t.name('namespace', 'other')) },
        jobs: (await t.iot.listJobs({ namespaceId })).jobs.map(({ jobId }) => jobId),
        describe: (await t.describeJob(t.name('job', 'named'))).namespaceId,
      };
    },
  },
];
