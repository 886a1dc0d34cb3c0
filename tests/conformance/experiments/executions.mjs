// Executions as their owner sees them: cancelling and deleting them, and what happens when things and groups go.

const state = ({ status, versionNumber, executionNumber, statusDetails, startedAt, lastUpdatedAt, queuedAt, forceCanceled }) => ({
  status,
  versionNumber,
  executionNumber,
  statusDetails,
  forceCanceled,
  hasStarted: startedAt !== undefined,
  startedAtTheLastUpdate: startedAt && startedAt.getTime() === lastUpdatedAt.getTime(),
  updatedWhenQueued: lastUpdatedAt.getTime() === queuedAt.getTime(),
});

export default [
  {
    id: 'delete-queued-execution',
    question: 'Can a QUEUED execution be deleted without force?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      const remove = (force) => t.ask(t.iot.deleteJobExecution({ thingName: thing.name, jobId, executionNumber: 1, force }));
      return { without: await remove(), withForce: await remove(true), executions: await t.executions(jobId) };
    },
  },
  {
    id: 'delete-execution-in-progress',
    question: 'How is the deletion of an execution that is IN_PROGRESS answered, without and with force, and what becomes of the job?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      await t.start(thing);
      const remove = (force) => t.ask(t.iot.deleteJobExecution({ thingName: thing.name, jobId, executionNumber: 1, force }));
      const [without, withForce] = [await remove(), await remove(true)];
      const update = await t.ask(t.report(thing, jobId, 'SUCCEEDED'));
      await t.service.settle();
      return { without, withForce, update, job: await t.status(jobId), counts: await t.counts(jobId) };
    },
  },
  {
    id: 'delete-finished-execution',
    question: 'What does the deletion of a finished execution change in the counters of its job?',
    creates: { things: 2, jobs: 1 },
    async observe(t) {
      const things = [await t.thing('a'), await t.thing('b')];
      const jobId = await t.job(things);
      await t.report(things[0], jobId, 'SUCCEEDED');
      const before = await t.counts(jobId);
      const remove = await t.ask(t.iot.deleteJobExecution({ thingName: things[0].name, jobId, executionNumber: 1 }));
      await t.service.settle();
      return { before, remove, after: await t.counts(jobId), executions: await t.executions(jobId) };
    },
  },
  {
    id: 'number-of-a-deleted-execution',
    question: 'Is the number of a deleted execution used again?',
    creates: { things: 1, 'thing groups': 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const group = await t.group('', { things: [thing] });
      const jobId = await t.job([group], { executions: 1, targetSelection: 'CONTINUOUS' });
      await t.report(thing, jobId, 'SUCCEEDED');
      await t.iot.deleteJobExecution({ thingName: thing.name, jobId, executionNumber: 1 });
      await t.leave(group, thing);
      await t.service.settle();
      await t.join(group, thing);
      await t.until(() => t.executions(jobId), ({ length }) => length > 0);
      return t.executions(jobId);
    },
  },
  {
    id: 'cancel-execution',
    question: 'How are CancelJobExecution calls answered in each status, and which version has the execution then?',
    creates: { things: 2, jobs: 1 },
    async observe(t) {
      const [a, b] = [await t.thing('a'), await t.thing('b')];
      const jobId = await t.job([a, b]);
      const cancel = (thing, more) => t.ask(t.iot.cancelJobExecution({ thingName: thing.name, jobId, ...more }));
      const wrongVersion = await cancel(a, { expectedVersion: 7 });
      const queued = await cancel(a, { statusDetails: { reason: 'recalled' } });
      const afterQueued = state(await t.describeExecution(a, jobId));
      const again = await cancel(a);
      await t.start(b);
      const inProgress = await cancel(b);
      const withForce = await cancel(b, { force: true });
      const afterForce = state(await t.describeExecution(b, jobId));
      return { wrongVersion, queued, afterQueued, again, inProgress, withForce, afterForce, againWithForce: await cancel(b, { force: true }) };
    },
  },
  {
    id: 'cancel-last-execution',
    question: 'What is the status of a snapshot job whose last open execution was cancelled, and was deleted?',
    creates: { things: 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const canceled = await t.job([thing], { label: 'a' });
      await t.iot.cancelJobExecution({ thingName: thing.name, jobId: canceled });
      const deleted = await t.job([thing], { label: 'b' });
      await t.iot.deleteJobExecution({ thingName: thing.name, jobId: deleted, executionNumber: 1, force: true });
      await t.service.settle();
      return { canceled: await t.status(canceled), counts: await t.counts(canceled), deleted: await t.status(deleted) };
    },
  },
  {
    id: 'unknown-execution',
    question: 'What do the errors say when an execution does not exist?',
    creates: { things: 2, jobs: 1 },
    async observe(t) {
      const [a, b] = [await t.thing('a'), await t.thing('b')];
      const jobId = await t.job([a]);
      const unknown = { thingName: `${a.name}-unknown`, jobId };
      return {
        otherThing: await t.ask(t.iot.describeJobExecution({ thingName: b.name, jobId })),
        unknownThing: await t.ask(t.iot.describeJobExecution(unknown)),
        unknownJob: await t.ask(t.iot.describeJobExecution({ thingName: a.name, jobId: `${jobId}-unknown` })),
        unknownNumber: await t.ask(t.iot.describeJobExecution({ thingName: a.name, jobId, executionNumber: 9 })),
        cancel: await t.ask(t.iot.cancelJobExecution({ thingName: b.name, jobId })),
        delete: await t.ask(t.iot.deleteJobExecution({ thingName: a.name, jobId, executionNumber: 9 })),
      };
    },
  },
  {
    id: 'first-version-of-an-execution',
    question: 'Which version, execution number and times has an execution when it is queued?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      return state(await t.describeExecution(thing, jobId));
    },
  },
  {
    id: 'finished-straight-from-queued',
    question: 'When did an execution start that goes from QUEUED to SUCCEEDED, FAILED or REJECTED in one update, and which version has it?',
    creates: { things: 3, jobs: 1 },
    async observe(t) {
      const things = [await t.thing('a'), await t.thing('b'), await t.thing('c')];
      const jobId = await t.job(things);
      await t.service.wait(2);
      const result = {};
      for (const [index, status] of ['SUCCEEDED', 'FAILED', 'REJECTED'].entries()) {
        const update = await t.ask(t.report(things[index], jobId, status, { includeJobExecutionState: true }));
        const { executionSummaries } = await t.iot.listJobExecutionsForThing({ thingName: things[index].name });
        const { startedAt, lastUpdatedAt } = executionSummaries[0].jobExecutionSummary;
        result[status] = { update, describe: state(await t.describeExecution(things[index], jobId)), summary: { startedAt, startedAtTheLastUpdate: startedAt?.getTime() === lastUpdatedAt.getTime() } };
      }
      return result;
    },
  },
  {
    id: 'delete-thing-with-executions',
    question: 'What becomes of the open executions of a thing that is deleted, and of their job?',
    creates: { things: 3, jobs: 1 },
    async observe(t) {
      const [queued, started, other] = [await t.thing('a'), await t.thing('b'), await t.thing('c')];
      const jobId = await t.job([queued, started, other]);
      await t.start(started);
      const remove = [];
      for (const thing of [queued, started]) remove.push(await t.ask(t.iot.deleteThing({ thingName: thing.name })));
      await t.service.settle();
      const view = {
        remove,
        counts: await t.counts(jobId),
        executions: (await t.executions(jobId)).sort(),
        describe: await t.ask(t.iot.describeJobExecution({ thingName: queued.name, jobId })),
        listByThing: await t.ask(t.iot.listJobExecutionsForThing({ thingName: queued.name })),
        update: await t.ask(t.report(started, jobId, 'SUCCEEDED')),
      };
      await t.report(other, jobId, 'SUCCEEDED');
      await t.service.settle();
      return { ...view, job: await t.status(jobId) };
    },
  },
  {
    id: 'delete-only-thing-of-a-job',
    question: 'Does a snapshot job complete when its only thing is deleted?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      await t.iot.deleteThing({ thingName: thing.name });
      await t.service.settle();
      return { job: await t.status(jobId), counts: await t.counts(jobId) };
    },
  },
  {
    id: 'leave-group-of-a-snapshot-job',
    question: 'What becomes of the QUEUED execution of a snapshot job when its thing leaves the target group?',
    creates: { things: 1, 'thing groups': 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const group = await t.group('', { things: [thing] });
      const jobId = await t.job([group], { executions: 1 });
      await t.leave(group, thing);
      await t.service.settle();
      return { executions: await t.executions(jobId), job: await t.status(jobId) };
    },
  },
  {
    id: 'leave-group-of-a-continuous-job',
    question: 'What becomes of the executions of a continuous job when their things leave the target group and join it again?',
    creates: { things: 3, 'thing groups': 1, jobs: 1 },
    async observe(t) {
      const things = [await t.thing('a'), await t.thing('b'), await t.thing('c')];
      const group = await t.group('', { things });
      const jobId = await t.job([group], { executions: 3, targetSelection: 'CONTINUOUS' });
      await t.report(things[1], jobId, 'IN_PROGRESS');
      await t.report(things[2], jobId, 'SUCCEEDED');
      for (const thing of things) await t.leave(group, thing);
      await t.service.settle();
      const left = (await t.executions(jobId)).sort();
      const removed = state(await t.describeExecution(things[0], jobId));
      for (const thing of things) await t.join(group, thing);
      await t.until(() => t.executions(jobId), ({ length }) => length >= 5, 15);
      return { left, removed, joined: (await t.executions(jobId)).sort() };
    },
  },
  {
    id: 'delete-group-of-a-continuous-job',
    question: 'What becomes of a continuous job and its executions when its only target group is deleted?',
    creates: { things: 2, 'thing groups': 1, jobs: 1 },
    async observe(t) {
      const things = [await t.thing('a'), await t.thing('b')];
      const group = await t.group('', { things });
      const jobId = await t.job([group], { executions: 2, targetSelection: 'CONTINUOUS' });
      await t.report(things[0], jobId, 'IN_PROGRESS');
      const remove = await t.ask(t.iot.deleteThingGroup({ thingGroupName: group.name }));
      await t.service.settle();
      return { remove, executions: (await t.executions(jobId)).sort(), job: await t.status(jobId), counts: await t.counts(jobId) };
    },
  },
];
