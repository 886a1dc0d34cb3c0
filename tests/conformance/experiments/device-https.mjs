// Devices over HTTPS: what they may report, and what they are told.

const seconds = (number) => (number === undefined ? 'absent' : Number.isInteger(number) && String(number).length === 10 ? 'whole seconds' : `${String(number).replace(/\d/g, 'd')}`);

export default [
  {
    id: 'https-wrong-version',
    question: 'Which error does a device get over HTTPS when expectedVersion is wrong?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      return t.ask(t.report(thing, jobId, 'IN_PROGRESS', { expectedVersion: 99 }));
    },
  },
  {
    id: 'https-version-as-text',
    question: 'Is an expectedVersion that is text accepted over HTTPS?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      const update = (expectedVersion) => t.request('iot-jobs-data', 'POST', `/things/${thing.name}/jobs/${jobId}`, { body: { status: 'IN_PROGRESS', expectedVersion, includeJobExecutionState: true } });
      return { wrong: await update('99'), right: await update('1'), noNumber: await update('one') };
    },
  },
  {
    id: 'https-booleans-as-text',
    question: 'Are booleans and numbers that are text accepted over HTTPS?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      const update = (more) => t.request('iot-jobs-data', 'POST', `/things/${thing.name}/jobs/${jobId}`, { body: { status: 'IN_PROGRESS', ...more } });
      return { boolean: await update({ includeJobExecutionState: 'true' }), stepTimeout: await update({ stepTimeoutInMinutes: '10' }), executionNumber: await update({ executionNumber: '1' }) };
    },
  },
  {
    id: 'https-update-finished',
    question: 'Which error does a device get over HTTPS when it updates an execution that is finished?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      await t.report(thing, jobId, 'SUCCEEDED');
      const raw = await t.request('iot-jobs-data', 'POST', `/things/${thing.name}/jobs/${jobId}`, { body: { status: 'IN_PROGRESS' } });
      return { same: await t.ask(t.report(thing, jobId, 'SUCCEEDED')), other: await t.ask(t.report(thing, jobId, 'FAILED')), raw };
    },
  },
  {
    id: 'https-describe-finished',
    question: 'What does a device get over HTTPS when it describes an execution that is SUCCEEDED, FAILED, REJECTED, CANCELED or REMOVED?',
    creates: { things: 5, 'thing groups': 1, jobs: 1 },
    async observe(t) {
      const labels = ['SUCCEEDED', 'FAILED', 'REJECTED', 'CANCELED', 'REMOVED'];
      const things = [];
      for (const label of labels) things.push(await t.thing(label));
      const group = await t.group('', { things });
      const jobId = await t.job([group], { executions: 5, targetSelection: 'CONTINUOUS' });
      for (const index of [0, 1, 2]) await t.report(things[index], jobId, labels[index]);
      await t.iot.cancelJobExecution({ thingName: things[3].name, jobId });
      await t.leave(group, things[4]);
      await t.service.settle();
      const result = {};
      for (const [index, label] of labels.entries()) {
        const { status } = await t.describeExecution(things[index], jobId);
        result[label] = { status, describe: await t.ask(t.jobsData.describeJobExecution({ thingName: things[index].name, jobId })) };
      }
      return result;
    },
  },
  {
    id: 'https-next-with-a-number',
    question: 'What does executionNumber mean when a device describes $next?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      await t.job([thing]);
      return t.ask(t.jobsData.describeJobExecution({ thingName: thing.name, jobId: '$next', executionNumber: 9 }));
    },
  },
  {
    id: 'https-statuses-of-a-device',
    question: 'How is a device answered that reports a status which is not its to report, or none?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      const result = {};
      for (const status of ['QUEUED', 'CANCELED', 'TIMED_OUT', 'REMOVED', 'SUCCESS', 'DONE']) result[status] = await t.ask(t.report(thing, jobId, status));
      result.none = await t.request('iot-jobs-data', 'POST', `/things/${thing.name}/jobs/${jobId}`, { body: {} });
      await t.start(thing);
      result.backToQueued = await t.ask(t.report(thing, jobId, 'QUEUED'));
      return result;
    },
  },
  {
    id: 'https-control-characters',
    question: 'Which control characters are accepted in the values of statusDetails over HTTPS?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      const result = {};
      for (const [name, character] of [['newline', '\n'], ['carriage return', '\r'], ['tab', '\t'], ['escape', '\u001b'], ['delete', '\u007f']]) {
        const update = await t.ask(t.report(thing, jobId, 'IN_PROGRESS', { statusDetails: { output: `done${character}` }, includeJobExecutionState: true }));
        result[name] = { update };
      }
      return result;
    },
  },
  {
    id: 'https-details-that-are-no-text',
    question: 'Are numbers and booleans accepted as values of statusDetails over HTTPS?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      const result = {};
      for (const [name, value] of [['number', 42], ['boolean', true], ['null', null], ['object', { a: 'b' }]])
        result[name] = await t.request('iot-jobs-data', 'POST', `/things/${thing.name}/jobs/${jobId}`, { body: { status: 'IN_PROGRESS', statusDetails: { value }, includeJobExecutionState: true } });
      return result;
    },
  },
  {
    id: 'https-size-of-details',
    question: 'How many statusDetails may there be, and how long may a value be?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      const update = async (statusDetails) => {
        const { status, error, message } = await t.ask(t.report(thing, jobId, 'IN_PROGRESS', { statusDetails }));
        return { status, error, message: message?.replace(/x{20,}/g, 'x...') };
      };
      const pairs = (count) => Object.fromEntries(Array.from({ length: count }, (_, index) => [`key${index}`, 'x']));
      return {
        'ten pairs': await update(pairs(10)),
        'eleven pairs': await update(pairs(11)),
        '1024 characters': await update({ key: 'x'.repeat(1024) }),
        '1025 characters': await update({ key: 'x'.repeat(1025) }),
        'an empty value': await update({ key: '' }),
        'no pairs': await update({}),
      };
    },
  },
  {
    id: 'start-what-is-started',
    question: 'Are statusDetails and stepTimeoutInMinutes applied when a device asks to start an execution that is IN_PROGRESS already?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      await t.job([thing]);
      const first = await t.start(thing, { statusDetails: { step: 'one' } });
      const again = await t.start(thing, { statusDetails: { step: 'two' }, stepTimeoutInMinutes: 10 });
      return { first, again };
    },
  },
  {
    id: 'range-of-a-step-timeout',
    question: 'Which values may stepTimeoutInMinutes have when an execution is started and updated?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      const values = [-2, 0, 10081, -1, 10080];
      const result = { start: {}, update: {} };
      for (const stepTimeoutInMinutes of values.slice(0, 3)) result.start[stepTimeoutInMinutes] = await t.ask(t.jobsData.startNextPendingJobExecution({ thingName: thing.name, stepTimeoutInMinutes }));
      result.start[-1] = await t.ask(t.jobsData.startNextPendingJobExecution({ thingName: thing.name, stepTimeoutInMinutes: -1 }));
      for (const stepTimeoutInMinutes of values) result.update[stepTimeoutInMinutes] = await t.ask(t.report(thing, jobId, 'IN_PROGRESS', { stepTimeoutInMinutes }));
      result.timer = (await t.ask(t.jobsData.describeJobExecution({ thingName: thing.name, jobId }))).answer.execution.approximateSecondsBeforeTimedOut;
      return result;
    },
  },
  {
    id: 'pending-executions-in-progress',
    question: 'Are executions that are IN_PROGRESS among the pending ones of a device, and in which order?',
    creates: { things: 1, jobs: 3 },
    async observe(t) {
      const thing = await t.thing();
      const jobs = [];
      for (const label of ['a', 'b', 'c']) {
        jobs.push(await t.job([thing], { label }));
        await t.service.wait(1);
      }
      await t.report(thing, jobs[1], 'IN_PROGRESS');
      return t.ask(t.jobsData.getPendingJobExecutions({ thingName: thing.name }));
    },
  },
  {
    id: 'number-of-pending-executions',
    question: 'How many pending executions does a device see when twelve are QUEUED?',
    creates: { things: 1, jobs: 12 },
    async observe(t) {
      const thing = await t.thing();
      for (let index = 0; index < 12; index++) await t.job([thing], { label: String(index).padStart(2, '0') });
      const { queuedJobs, inProgressJobs } = await t.jobsData.getPendingJobExecutions({ thingName: thing.name });
      return { queued: queuedJobs.length, inProgress: inProgressJobs.length };
    },
  },
  {
    id: 'unit-of-times',
    question: 'In which unit are the times that devices get over HTTPS and MQTT?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const device = await t.device(thing, ['get/accepted']);
      await t.job([thing]);
      const { queuedAt, startedAt, lastUpdatedAt } = await t.start(thing);
      const raw = await t.service.request('iot-jobs-data', { method: 'GET', path: `/things/${thing.name}/jobs` });
      const mqtt = await device.raw('get');
      const form = (text) => Object.fromEntries([...text.matchAll(/"(\w+At|timestamp)":\s*([\d.eE+]+)/g)].map(([, name, digits]) => [name, digits.replace(/\d/g, 'd')]));
      return { start: { queuedAt: seconds(queuedAt), startedAt: seconds(startedAt), lastUpdatedAt: seconds(lastUpdatedAt) }, https: form(raw.text), mqtt: form(mqtt) };
    },
  },
  {
    id: 'https-unknown-thing-and-job',
    question: 'How are devices answered over HTTPS that speak for a thing that does not exist, or ask for a job that is not theirs?',
    creates: { things: 2, jobs: 1 },
    async observe(t) {
      const [thing, other] = [await t.thing('a'), await t.thing('b')];
      const jobId = await t.job([thing]);
      const unknown = `${thing.name}-unknown`;
      return {
        pending: await t.ask(t.jobsData.getPendingJobExecutions({ thingName: unknown })),
        start: await t.ask(t.jobsData.startNextPendingJobExecution({ thingName: unknown })),
        describe: await t.ask(t.jobsData.describeJobExecution({ thingName: other.name, jobId })),
        update: await t.ask(t.report(other, jobId, 'SUCCEEDED')),
        number: await t.ask(t.report(thing, jobId, 'SUCCEEDED', { executionNumber: 9 })),
        nothingPending: await t.ask(t.jobsData.startNextPendingJobExecution({ thingName: other.name })),
      };
    },
  },
  {
    id: 'job-document-after-an-update',
    question: 'What does a device get back from an update when it asks for the state and the document?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      return {
        nothing: await t.ask(t.report(thing, jobId, 'IN_PROGRESS')),
        both: await t.ask(t.report(thing, jobId, 'IN_PROGRESS', { includeJobExecutionState: true, includeJobDocument: true })),
        finished: await t.ask(t.report(thing, jobId, 'SUCCEEDED', { includeJobExecutionState: true, includeJobDocument: true })),
      };
    },
  },
];
