// Lists: their order, their pages and their filters.

/** The jobs of a group in the order they are listed, of all pages. */
async function jobsOf(t, group, more) {
  const jobs = [];
  for (let nextToken; ; ) {
    const page = await t.iot.listJobs({ thingGroupName: group.name, nextToken, ...more });
    jobs.push(...page.jobs);
    if (!(nextToken = page.nextToken)) return jobs;
  }
}

export default [
  {
    id: 'order-of-jobs',
    question: 'In which order does ListJobs list jobs of the same status?',
    creates: { 'thing groups': 1, jobs: 3 },
    async observe(t) {
      const group = await t.group();
      for (const label of ['b', 'c', 'a']) {
        await t.job([group], { label, targetSelection: 'CONTINUOUS' });
        await t.service.wait(1);
      }
      return { created: ['b', 'c', 'a'], listed: (await jobsOf(t, group)).map(({ jobId }) => jobId) };
    },
  },
  {
    id: 'order-of-statuses',
    question: 'In which order does ListJobs list jobs of different statuses?',
    creates: { 'thing groups': 1, jobs: 5 },
    async observe(t) {
      const group = await t.group();
      const create = (label, more) => t.job([group], { label, ...more });
      await t.scheduledJob([group], { label: 'scheduled', targetSelection: 'CONTINUOUS', startIn: 60 });
      const canceled = await create('canceled', { targetSelection: 'CONTINUOUS' });
      await t.iot.cancelJob({ jobId: canceled });
      await t.service.wait(1);
      await create('open', { targetSelection: 'CONTINUOUS' });
      await t.service.wait(1);
      await t.status(await create('completed'), 'COMPLETED');
      const deleted = await create('deleted', { targetSelection: 'CONTINUOUS' });
      await t.iot.deleteJob({ jobId: deleted, force: true });
      const all = await jobsOf(t, group);
      return all.map(({ jobId, status, completedAt }) => ({ jobId, status, completedAt }));
    },
  },
  {
    id: 'scheduled-jobs-of-a-group',
    question: 'Does ListJobs with a thing group list SCHEDULED jobs, and which members has a summary then?',
    creates: { 'thing groups': 1, jobs: 2 },
    async observe(t) {
      const group = await t.group();
      await t.job([group], { label: 'open', targetSelection: 'CONTINUOUS' });
      await t.scheduledJob([group], { label: 'scheduled', targetSelection: 'CONTINUOUS', startIn: 60 });
      const ids = (jobs) => jobs.map(({ jobId }) => jobId).sort();
      const byId = await t.iot.listJobs({ thingGroupId: group.id });
      return {
        withoutStatus: ids(await jobsOf(t, group)),
        withStatus: ids(await jobsOf(t, group, { status: 'SCHEDULED' })),
        byGroupId: ids(byId.jobs),
        summary: byId.jobs.find(({ status }) => status === 'IN_PROGRESS'),
      };
    },
  },
  {
    id: 'jobs-of-an-unknown-group',
    question: 'How is ListJobs answered with a thing group that does not exist, or with a name and an id?',
    creates: { 'thing groups': 1 },
    async observe(t) {
      const group = await t.group();
      return {
        name: await t.ask(t.iot.listJobs({ thingGroupName: `${group.name}-unknown` })),
        id: await t.ask(t.iot.listJobs({ thingGroupId: '00000000-0000-0000-0000-000000000000' })),
        both: await t.ask(t.iot.listJobs({ thingGroupName: group.name, thingGroupId: group.id })),
      };
    },
  },
  {
    id: 'summary-of-a-job',
    question: 'Which members has the summary of a job without a filter by group?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const jobId = await t.job([await t.thing()]);
      for (let nextToken; ; ) {
        const page = await t.iot.listJobs({ maxResults: 250, nextToken, status: 'IN_PROGRESS' });
        const summary = page.jobs.find((job) => job.jobId === jobId);
        if (summary || !(nextToken = page.nextToken)) return summary ?? 'not listed';
      }
    },
  },
  {
    id: 'place-of-a-page',
    question: 'Does a page token name a place or a count: what is on the second page when a newer job has come, or the last listed one has gone?',
    creates: { 'thing groups': 1, jobs: 5 },
    async observe(t) {
      const group = await t.group();
      const create = async (label) => {
        const jobId = await t.job([group], { label, targetSelection: 'CONTINUOUS' });
        await t.service.wait(1);
        return jobId;
      };
      for (const label of ['a', 'b', 'c']) await create(label);
      const list = (nextToken) => t.iot.listJobs({ thingGroupName: group.name, maxResults: 1, nextToken });
      const first = await list();
      await create('d');
      const afterACreation = await list(first.nextToken);
      const again = await list();
      await t.iot.deleteJob({ jobId: again.jobs[0].jobId, force: true });
      await t.status(again.jobs[0].jobId, 'gone');
      const afterADeletion = await list(again.nextToken);
      const ids = ({ jobs }) => jobs.map(({ jobId }) => jobId);
      return { first: ids(first), afterACreation: ids(afterACreation), again: ids(again), afterADeletion: ids(afterADeletion) };
    },
  },
  {
    id: 'last-page',
    question: 'Has a page that ends with the last item a token for another page?',
    creates: { 'thing groups': 1, jobs: 2 },
    async observe(t) {
      const group = await t.group();
      for (const label of ['a', 'b']) await t.job([group], { label, targetSelection: 'CONTINUOUS' });
      const page = await t.iot.listJobs({ thingGroupName: group.name, maxResults: 2 });
      return { jobs: page.jobs.length, hasToken: Boolean(page.nextToken) };
    },
  },
  {
    id: 'default-size-of-a-page',
    question: 'How many items has a page without maxResults?',
    creates: { things: 260, 'thing groups': 1, jobs: 1 },
    async observe(t) {
      const things = [];
      for (let start = 0; start < 260; start += 20)
        things.push(...(await Promise.all(Array.from({ length: 20 }, (_, index) => t.thing(String(start + index).padStart(3, '0'))))));
      const group = await t.group('', { things });
      const jobId = await t.job([group], { executions: 250 });
      await t.until(() => t.counts(jobId), ({ Queued }) => Queued === 260);
      const sizes = async (list, of) => {
        const first = await list();
        const second = first.nextToken ? await list(first.nextToken) : { [of]: [] };
        return { first: first[of].length, second: second[of].length, third: Boolean(second.nextToken) };
      };
      return {
        executions: await sizes((nextToken) => t.iot.listJobExecutionsForJob({ jobId, nextToken }), 'executionSummaries'),
        members: await sizes((nextToken) => t.iot.listThingsInThingGroup({ thingGroupName: group.name, nextToken }), 'things'),
      };
    },
  },
  {
    id: 'size-of-a-page',
    question: 'How are a maxResults out of range and a token that names nothing answered?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      return {
        none: await t.ask(t.iot.listJobs({ maxResults: 0 })),
        tooMany: await t.ask(t.iot.listJobs({ maxResults: 251 })),
        token: await t.ask(t.iot.listJobs({ nextToken: 'nothing' })),
        executionsToken: await t.ask(t.iot.listJobExecutionsForJob({ jobId, nextToken: 'nothing' })),
        thingToken: await t.ask(t.iot.listJobExecutionsForThing({ thingName: thing.name, nextToken: 'nothing' })),
        templatesToken: await t.ask(t.iot.listJobTemplates({ nextToken: 'nothing' })),
      };
    },
  },
  {
    id: 'order-of-executions-of-a-job',
    question: 'In which order does ListJobExecutionsForJob list the things of a job?',
    creates: { things: 3, 'thing groups': 1, jobs: 1 },
    async observe(t) {
      const group = await t.group();
      const jobId = await t.job([group], { targetSelection: 'CONTINUOUS' });
      for (const [index, label] of ['b', 'c', 'a'].entries()) {
        await t.join(group, await t.thing(label));
        await t.until(() => t.executions(jobId), ({ length }) => length > index);
        await t.service.wait(1);
      }
      return { queued: ['b', 'c', 'a'], listed: await t.executions(jobId) };
    },
  },
  {
    id: 'order-of-executions-of-a-thing',
    question: 'In which order does ListJobExecutionsForThing list the jobs of a thing, and does an update change it?',
    creates: { things: 1, jobs: 3 },
    async observe(t) {
      const thing = await t.thing();
      for (const label of ['b', 'c', 'a']) {
        await t.job([thing], { label });
        await t.service.wait(1);
      }
      const list = async () => (await t.iot.listJobExecutionsForThing({ thingName: thing.name })).executionSummaries.map(({ jobId, jobExecutionSummary }) => `${jobId} ${jobExecutionSummary.status}`);
      const before = await list();
      await t.start(thing);
      return { queued: ['b', 'c', 'a'], before, after: await list() };
    },
  },
  {
    id: 'order-of-executions-of-a-thing-for-one-job',
    question: 'In which order are the executions of one thing for one job listed?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing], { jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 1 }] } });
      await t.report(thing, jobId, 'FAILED');
      await t.until(() => t.executions(jobId), ({ length }) => length === 2);
      const { executionSummaries } = await t.iot.listJobExecutionsForThing({ thingName: thing.name, jobId });
      return { ofTheJob: await t.executions(jobId), ofTheThing: executionSummaries };
    },
  },
  {
    id: 'executions-of-an-unknown-thing',
    question: 'How is ListJobExecutionsForThing answered for a thing that does not exist, and for one without jobs?',
    creates: { things: 1 },
    async observe(t) {
      const thing = await t.thing();
      return {
        unknown: await t.ask(t.iot.listJobExecutionsForThing({ thingName: `${thing.name}-unknown` })),
        without: await t.ask(t.iot.listJobExecutionsForThing({ thingName: thing.name })),
        unknownJob: await t.ask(t.iot.listJobExecutionsForThing({ thingName: thing.name, jobId: t.name('job') })),
      };
    },
  },
  {
    id: 'members-of-a-list-of-groups',
    question: 'Which member holds the groups that ListThingGroups answers?',
    creates: { 'thing groups': 2 },
    async observe(t) {
      const parent = await t.group('a');
      await t.group('b', { parent });
      return t.request('iot', 'GET', '/thing-groups', { query: { parentGroup: parent.name } });
    },
  },
  {
    id: 'order-of-templates',
    question: 'In which order does ListJobTemplates list the templates of an account?',
    creates: { 'job templates': 3 },
    async observe(t) {
      const ids = [];
      for (const label of ['b', 'c', 'a']) {
        const jobTemplateId = t.name('template', label);
        ids.push(jobTemplateId);
        await t.createTemplate({ jobTemplateId, document: '{}', description: label });
        await t.service.wait(1);
      }
      const { jobTemplates } = await t.iot.listJobTemplates({ maxResults: 250 });
      return { created: ids, listed: jobTemplates.filter(({ jobTemplateId }) => ids.includes(jobTemplateId)) };
    },
  },
];
