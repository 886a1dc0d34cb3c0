// Devices over MQTT: answers to their requests, and what they are told unasked.

const notifications = ['notify', 'notify-next'];
const answers = ['get/accepted', 'get/rejected', 'start-next/accepted', '+/get/accepted', '+/get/rejected', '+/update/accepted', '+/update/rejected'];

export default [
  {
    id: 'mqtt-new-job',
    question: 'What is a device told when a job is queued for it, first before others and then behind them?',
    creates: { things: 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const device = await t.device(thing, notifications);
      await t.job([thing], { label: 'a' });
      const first = await device.heard();
      await t.service.wait(2);
      await t.job([thing], { label: 'b' });
      return { first, second: await device.heard() };
    },
  },
  {
    id: 'mqtt-notify-on-start',
    question: 'Is a device told when its next execution goes from QUEUED to IN_PROGRESS?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const { device } = await t.deviceWithJob(notifications);
      await device.heard();
      const start = await device.request('start-next', { clientToken: 'start' });
      return { start, told: (await device.topics()).filter((topic) => topic.startsWith('notify')) };
    },
  },
  {
    id: 'mqtt-start-behind-others',
    question: 'What is a device told when it starts an execution that is not the next one, and when its details change?',
    creates: { things: 1, jobs: 3 },
    async observe(t) {
      const thing = await t.thing();
      const jobs = [];
      for (const label of ['a', 'b', 'c']) {
        jobs.push(await t.job([thing], { label }));
        await t.service.wait(1);
      }
      const device = await t.device(thing, notifications);
      const update = async (jobId, more) => {
        await t.report(thing, jobId, 'IN_PROGRESS', more);
        return device.topics();
      };
      const second = await update(jobs[1]);
      const third = await update(jobs[2]);
      const details = await update(jobs[1], { statusDetails: { step: 'two' } });
      await t.report(thing, jobs[2], 'SUCCEEDED');
      return { second, third, details, thirdFinished: await device.topics() };
    },
  },
  {
    id: 'mqtt-update-finished',
    question: 'With which code is the update of a finished execution rejected over MQTT?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const { thing, device, jobId } = await t.deviceWithJob();
      await t.report(thing, jobId, 'SUCCEEDED', { statusDetails: { step: 'last' } });
      return {
        update: await device.request(`${jobId}/update`, { status: 'IN_PROGRESS', clientToken: 'late' }),
        same: await device.request(`${jobId}/update`, { status: 'SUCCEEDED' }),
        get: await device.request(`${jobId}/get`, { clientToken: 'late' }),
      };
    },
  },
  {
    id: 'mqtt-wrong-version',
    question: 'With which code and state is an update with a wrong expectedVersion rejected over MQTT?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const { device, jobId } = await t.deviceWithJob();
      return device.request(`${jobId}/update`, { status: 'IN_PROGRESS', expectedVersion: 99, clientToken: 'wrong' });
    },
  },
  {
    id: 'mqtt-booleans-and-numbers-as-text',
    question: 'Are booleans and numbers that are text accepted over MQTT?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const { device, jobId } = await t.deviceWithJob();
      const update = (more) => device.request(`${jobId}/update`, { status: 'IN_PROGRESS', ...more });
      return {
        includeJobDocument: await device.request(`${jobId}/get`, { includeJobDocument: 'false' }),
        getNumber: await device.request(`${jobId}/get`, { executionNumber: '1', includeJobDocument: false }),
        expectedVersion: await update({ expectedVersion: '1' }),
        includeJobExecutionState: await update({ includeJobExecutionState: 'true' }),
        executionNumber: await update({ executionNumber: '1' }),
        stepTimeoutInMinutes: await update({ stepTimeoutInMinutes: '10' }),
        noBoolean: await update({ includeJobExecutionState: 'yes' }),
        noNumber: await update({ expectedVersion: 'two' }),
      };
    },
  },
  {
    id: 'mqtt-details-that-are-no-text',
    question: 'Are numbers, booleans, null and objects accepted as values of statusDetails over MQTT?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const { device, jobId } = await t.deviceWithJob();
      const result = {};
      for (const [name, value] of [['number', 42], ['fraction', 1.5], ['boolean', true], ['null', null], ['object', { a: 'b' }], ['list', ['a']]])
        result[name] = await device.request(`${jobId}/update`, { status: 'IN_PROGRESS', statusDetails: { value }, includeJobExecutionState: true });
      return result;
    },
  },
  {
    id: 'mqtt-control-characters',
    question: 'Which control characters are accepted in the values of statusDetails over MQTT?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const { device, jobId } = await t.deviceWithJob();
      const result = {};
      for (const [name, character] of [['newline', '\n'], ['carriage return', '\r'], ['tab', '\t'], ['escape', '\u001b'], ['delete', '\u007f']])
        result[name] = await device.request(`${jobId}/update`, { status: 'IN_PROGRESS', statusDetails: { output: `done${character}` }, includeJobExecutionState: true });
      return result;
    },
  },
  {
    id: 'mqtt-qos-of-answers',
    question: 'With which quality of service do answers and notifications come: with that of the request, of the subscription, or without a subscription?',
    creates: { things: 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      await t.job([thing], { label: 'a' });
      const result = {};
      for (const subscription of ['none', 0, 1])
        for (const request of [0, 1]) {
          const device = await t.device(thing, subscription === 'none' ? [] : ['get/accepted'], subscription);
          device.send('get', '{"clientToken":"qos"}', request);
          result[`subscription ${subscription}, request ${request}`] = (await device.heard({ qos: true })).map(({ qos }) => qos);
        }
      const [lower, higher] = [await t.device(thing, notifications, 0), await t.device(thing, notifications, 1)];
      await t.job([thing], { label: 'b' });
      return { ...result, notifications: { 0: (await lower.heard({ qos: true })).map(({ qos }) => qos), 1: (await higher.heard({ qos: true })).map(({ qos }) => qos) } };
    },
  },
  {
    id: 'mqtt-order-of-messages',
    question: 'In which order do the answer, notify and notify-next come when a device finishes its execution?',
    creates: { things: 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing], { label: 'a' });
      await t.service.wait(2);
      await t.job([thing], { label: 'b' });
      const device = await t.device(thing, [...notifications, ...answers]);
      await device.request(`${jobId}/update`, { status: 'SUCCEEDED' });
      return device.heard();
    },
  },
  {
    id: 'mqtt-last-job-finished',
    question: 'What do notify and notify-next say when nothing is left to do?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      const device = await t.device(thing, notifications);
      await t.report(thing, jobId, 'SUCCEEDED');
      return { told: await device.heard(), get: await device.request('get'), next: await device.request('$next/get'), start: await device.request('start-next') };
    },
  },
  {
    id: 'mqtt-several-executions-in-one-call',
    question: 'How often is a device told when one call changes two of its executions?',
    creates: { things: 1, 'thing groups': 1, jobs: 2 },
    async observe(t) {
      const thing = await t.thing();
      const group = await t.group('', { things: [thing] });
      for (const label of ['a', 'b']) await t.job([group], { label, executions: 1, targetSelection: 'CONTINUOUS' });
      const device = await t.device(thing, notifications);
      await t.leave(group, thing);
      const left = await device.topics();
      await t.join(group, thing);
      return { left, joined: await device.topics() };
    },
  },
  {
    id: 'mqtt-retry',
    question: 'What is a device told when its failed execution is queued again?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing], { jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 1 }] } });
      const device = await t.device(thing, notifications);
      await t.report(thing, jobId, 'FAILED');
      await t.until(() => t.executions(jobId), ({ length }) => length === 2);
      return device.heard();
    },
  },
  {
    id: 'mqtt-payloads',
    question: 'How are an empty payload, a payload that is no JSON and one that is no object answered over MQTT?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const { device, jobId } = await t.deviceWithJob();
      return {
        empty: await device.request('get', ''),
        noJson: await device.request('get', 'hello'),
        list: await device.request('get', '[]'),
        text: await device.request('get', '"hello"'),
        unknownMember: await device.request('get', { color: 'red' }),
        noStatus: await device.request(`${jobId}/update`, ''),
        unknownStatus: await device.request(`${jobId}/update`, { status: 'DONE' }),
      };
    },
  },
  {
    id: 'mqtt-client-token-that-is-no-text',
    question: 'How is a clientToken that is a number, an object or very long answered?',
    creates: { things: 1 },
    async observe(t) {
      const device = await t.device(await t.thing());
      const long = await device.request('get', { clientToken: 'x'.repeat(2000) });
      const { clientToken, ...rest } = long.accepted ?? long.rejected ?? {};
      return {
        number: await device.request('get', { clientToken: 42 }),
        object: await device.request('get', { clientToken: { a: 'b' } }),
        empty: await device.request('get', { clientToken: '' }),
        long: { outcome: long.accepted ? 'accepted' : long.rejected ? 'rejected' : long, length: clientToken?.length, ...rest },
      };
    },
  },
  {
    id: 'mqtt-topics-without-an-operation',
    question: 'What happens when a device publishes to a topic of jobs that has no operation?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = await t.job([thing]);
      const result = {};
      for (const [name, topic] of [['one level', 'restart'], ['two levels', `${jobId}/restart`], ['three levels', `${jobId}/update/again`]]) {
        const device = await t.device(thing, ['#']);
        device.send(topic, '{"clientToken":"lost"}');
        result[name] = { heard: await device.heard(), isConnected: await device.isConnected() };
      }
      return result;
    },
  },
  {
    id: 'mqtt-publish-to-notify',
    question: 'What happens when a device publishes to notify, or to the topic of an answer?',
    creates: { things: 1 },
    async observe(t) {
      const thing = await t.thing();
      const result = {};
      for (const topic of ['notify', 'get/accepted']) {
        const [listener, device] = [await t.device(thing, [...notifications, 'get/accepted']), await t.device(thing)];
        device.send(topic, '{"jobs":{}}');
        const isConnected = await device.isConnected();
        result[topic] = { isConnected, heard: await listener.topics() };
      }
      return result;
    },
  },
  {
    id: 'mqtt-answers-of-others',
    question: 'Does a second client hear the answers to the first one when it subscribed to them, and does the first hear them without a subscription?',
    creates: { things: 1 },
    async observe(t) {
      const thing = await t.thing();
      const [asking, listening] = [await t.device(thing), await t.device(thing, ['get/accepted', '#'])];
      const answer = await asking.request('get', { clientToken: 'mine' });
      return { answer, listening: await listening.topics() };
    },
  },
  {
    id: 'mqtt-next-with-a-number',
    question: 'What does executionNumber mean when a device asks for $next over MQTT, and on which topic is it answered?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const { device } = await t.deviceWithJob(['#']);
      await device.heard();
      device.send('$next/get', { executionNumber: 9 });
      return device.heard();
    },
  },
  {
    id: 'mqtt-update-next',
    question: 'How is an update of $next answered over MQTT?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const { device } = await t.deviceWithJob();
      return device.request('$next/update', { status: 'IN_PROGRESS' });
    },
  },
  {
    id: 'mqtt-unknown-thing-and-job',
    question: 'How are devices answered over MQTT that speak for a thing that does not exist, or ask for a job that is not theirs?',
    creates: { things: 1 },
    async observe(t) {
      const thing = await t.thing();
      const jobId = t.name('job');
      const device = await t.device(thing);
      const stranger = await t.device({ name: `${thing.name}-unknown` });
      return {
        get: await stranger.request('get'),
        start: await stranger.request('start-next'),
        job: await device.request(`${jobId}/get`),
        update: await device.request(`${jobId}/update`, { status: 'SUCCEEDED' }),
      };
    },
  },
  {
    id: 'mqtt-canceled-and-deleted',
    question: 'What is a device told when its execution is cancelled, deleted, or its job is deleted?',
    creates: { things: 1, jobs: 3 },
    async observe(t) {
      const thing = await t.thing();
      const device = await t.device(thing, notifications);
      const [a, b, c] = [await t.job([thing], { label: 'a' }), await t.job([thing], { label: 'b' }), await t.job([thing], { label: 'c' })];
      await device.heard();
      await t.iot.cancelJobExecution({ thingName: thing.name, jobId: b });
      const canceled = await device.topics();
      await t.iot.deleteJobExecution({ thingName: thing.name, jobId: a, executionNumber: 1, force: true });
      const deleted = await device.topics();
      await t.iot.deleteJob({ jobId: c, force: true });
      await t.status(c, 'gone');
      return { canceled, deleted, jobDeleted: await device.heard() };
    },
  },
];
