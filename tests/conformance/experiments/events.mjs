// Events of jobs, executions and the registry. They are switched on for the whole account while an experiment runs.

const changes = 'which events are published';
const events = (t, topics) => t.device({ name: t.name('nobody') }, topics.map((topic) => `$aws/events/${topic}`));

/** Events come in no order that AWS promises. */
const sorted = (heard) => heard.sort((a, b) => (a.topic < b.topic ? -1 : a.topic > b.topic ? 1 : 0));

export default [
  {
    id: 'events-of-executions',
    question: 'Which events do executions publish that succeed, fail, are rejected, cancelled, removed or deleted, and do they have statusDetails when there are none?',
    creates: { things: 6, 'thing groups': 1, jobs: 1 },
    changes,
    async observe(t) {
      await t.switchEventsOn('JOB_EXECUTION');
      const things = [];
      for (const label of ['a', 'b', 'c', 'd', 'e', 'f']) things.push(await t.thing(label));
      const group = await t.group('', { things });
      const jobId = await t.job([group], { executions: 6, targetSelection: 'CONTINUOUS' });
      const listener = await events(t, [`jobExecution/${jobId}/#`]);
      await t.report(things[0], jobId, 'SUCCEEDED');
      await t.report(things[1], jobId, 'FAILED', { statusDetails: { reason: 'checksum' } });
      await t.report(things[2], jobId, 'REJECTED');
      await t.iot.cancelJobExecution({ thingName: things[3].name, jobId });
      await t.leave(group, things[4]);
      await t.iot.deleteJobExecution({ thingName: things[5].name, jobId, executionNumber: 1, force: true });
      await t.service.settle();
      return sorted(await listener.heard());
    },
  },
  {
    id: 'event-of-a-timeout',
    question: 'Which event does an execution publish that times out?',
    creates: { things: 1, jobs: 1 },
    changes,
    minutes: 2,
    async observe(t) {
      await t.switchEventsOn('JOB_EXECUTION');
      const thing = await t.thing();
      const jobId = await t.job([thing], { timeoutConfig: { inProgressTimeoutInMinutes: 1 } });
      const listener = await events(t, [`jobExecution/${jobId}/#`]);
      await t.start(thing);
      await t.pass(2);
      await t.until(() => t.describeExecution(thing, jobId), ({ status }) => status === 'TIMED_OUT');
      return listener.heard();
    },
  },
  {
    id: 'events-of-jobs',
    question: 'Which events does a job publish that is completed, cancelled and deleted?',
    creates: { things: 1, jobs: 2 },
    changes,
    async observe(t) {
      await t.switchEventsOn('JOB');
      const thing = await t.thing();
      const [a, b] = [await t.job([thing], { label: 'a' }), await t.job([thing], { label: 'b', description: 'to be cancelled' })];
      const listener = await events(t, [`job/${a}/#`, `job/${b}/#`]);
      await t.report(thing, a, 'SUCCEEDED');
      await t.status(a, 'COMPLETED');
      await t.iot.cancelJob({ jobId: b, comment: 'not needed' });
      await t.service.settle();
      for (const jobId of [a, b]) {
        await t.iot.deleteJob({ jobId });
        await t.status(jobId, 'gone');
      }
      return sorted(await listener.heard());
    },
  },
  {
    id: 'events-of-a-deleted-thing',
    question: 'Do events say of a deleted thing that it left its groups and its type, and on which topics?',
    creates: { things: 1, 'thing groups': 1, 'thing types': 1 },
    changes,
    async observe(t) {
      await t.switchEventsOn('THING', 'THING_GROUP_MEMBERSHIP', 'THING_TYPE_ASSOCIATION');
      const thingTypeName = await t.thingType();
      const name = t.name('thing');
      const group = await t.group();
      const listener = await events(t, [`thing/${name}/#`, `thingGroupMembership/thingGroup/${group.name}/#`, `thingTypeAssociation/#`]);
      const thing = await t.thing('', { thingTypeName });
      await t.join(group, thing);
      await t.service.settle();
      const created = sorted(await listener.heard());
      await t.iot.deleteThing({ thingName: thing.name });
      await t.service.settle();
      const own = (heard) => heard.filter(({ topic }) => topic.includes('<'));
      return { created: own(created), deleted: own(sorted(await listener.heard())) };
    },
  },
  {
    id: 'events-of-a-deleted-group',
    question: 'Do events say of a deleted thing group that it left the one above it, and its things left it?',
    creates: { things: 1, 'thing groups': 2 },
    changes,
    async observe(t) {
      await t.switchEventsOn('THING_GROUP', 'THING_GROUP_HIERARCHY', 'THING_GROUP_MEMBERSHIP');
      const thing = await t.thing();
      const above = await t.group('above');
      const name = t.name('group', 'below');
      const listener = await events(t, [`thingGroup/${name}/#`, `thingGroupHierarchy/thingGroup/${above.name}/#`, `thingGroupMembership/thingGroup/${name}/#`]);
      await t.group('below', { parent: above, things: [thing] });
      const created = sorted(await listener.heard());
      await t.iot.deleteThingGroup({ thingGroupName: name });
      await t.service.settle();
      return { created, deleted: sorted(await listener.heard()) };
    },
  },
];
