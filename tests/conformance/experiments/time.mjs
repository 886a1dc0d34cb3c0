// What takes minutes: rollouts, timeouts, retries, and what an abort counts.

const retries = (failureType, numberOfRetries) => ({ jobExecutionsRetryConfig: { criteriaList: [{ failureType, numberOfRetries }] } });
const abort = (failureType, thresholdPercentage, minNumberOfExecutedThings) => ({
  abortConfig: { criteriaList: [{ failureType, action: 'CANCEL', thresholdPercentage, minNumberOfExecutedThings }] },
});

async function things(t, count) {
  const all = [];
  for (let index = 0; index < count; index++) all.push(await t.thing(String(index)));
  return all;
}

/** How many executions there are after half a minute, and after each minute from then on. */
async function countsByMinute(t, jobId, minutes) {
  const counts = [];
  for (let minute = 0; minute < minutes; minute++) {
    await t.pass(minute === 0 ? 0.5 : 1);
    counts.push((await t.executions(jobId)).length);
  }
  return counts;
}

export default [
  {
    id: 'abort-with-too-few-finished',
    question: 'Does minNumberOfExecutedThings count things that were notified or things that have finished?',
    creates: { things: 2, jobs: 1 },
    async observe(t) {
      const [a, b] = await things(t, 2);
      const jobId = await t.job([a, b], abort('FAILED', 50, 2));
      await t.report(a, jobId, 'FAILED');
      await t.service.settle();
      const oneFinished = await t.status(jobId);
      const update = await t.ask(t.report(b, jobId, 'SUCCEEDED'));
      await t.service.settle();
      return { oneFinished, update, bothFinished: await t.status(jobId) };
    },
  },
  {
    id: 'abort-of-a-job',
    question: 'Which comment and reasonCode has a job that its abort criterion cancelled, and what becomes of its executions?',
    creates: { things: 3, jobs: 1 },
    async observe(t) {
      const [a, b, c] = await things(t, 3);
      const jobId = await t.job([a, b, c], abort('FAILED', 10, 1));
      await t.report(b, jobId, 'IN_PROGRESS');
      await t.report(a, jobId, 'FAILED');
      await t.status(jobId, 'CANCELED');
      await t.service.settle();
      const { status, comment, reasonCode, forceCanceled, completedAt } = await t.describeJob(jobId);
      return { status, comment, reasonCode, forceCanceled, completedAt, executions: (await t.executions(jobId)).sort(), statusDetails: (await t.describeExecution(c, jobId)).statusDetails };
    },
  },
  {
    id: 'abort-of-a-job-with-all-finished',
    question: 'Is a job COMPLETED or CANCELED whose last execution fails and meets the abort criterion?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const [thing] = await things(t, 1);
      const jobId = await t.job([thing], abort('FAILED', 100, 1));
      await t.report(thing, jobId, 'FAILED');
      return t.status(jobId, 'CANCELED', 'COMPLETED');
    },
  },
  {
    id: 'abort-with-retries',
    question: 'Does an abort count the attempts of a thing or the thing: are two failures of one thing out of three enough for two executed things?',
    creates: { things: 3, jobs: 1 },
    async observe(t) {
      const all = await things(t, 3);
      const jobId = await t.job(all, { ...abort('FAILED', 50, 2), ...retries('FAILED', 2) });
      await t.report(all[0], jobId, 'FAILED');
      await t.until(() => t.executions(jobId), ({ length }) => length === 4);
      const afterOne = await t.status(jobId);
      await t.ask(t.report(all[0], jobId, 'FAILED'));
      await t.service.settle();
      return { afterOne, afterTwo: await t.status(jobId), counts: await t.counts(jobId) };
    },
  },
  {
    id: 'retry',
    question: 'How soon is a failed execution queued again, with which number, version and retryAttempt?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const [thing] = await things(t, 1);
      const jobId = await t.job([thing], retries('FAILED', 1));
      await t.report(thing, jobId, 'FAILED', { statusDetails: { step: 'last' } });
      const atOnce = await t.executions(jobId);
      await t.until(() => t.executions(jobId), ({ length }) => length === 2);
      const { executionSummaries } = await t.iot.listJobExecutionsForThing({ thingName: thing.name, jobId });
      const second = await t.describeExecution(thing, jobId);
      const job = await t.status(jobId);
      await t.report(thing, jobId, 'FAILED');
      await t.status(jobId, 'COMPLETED');
      return { atOnce, executionSummaries, second, job, last: await t.status(jobId), counts: await t.counts(jobId) };
    },
  },
  {
    id: 'retry-of-timeouts-without-a-timeout',
    question: 'Is a job accepted that retries TIMED_OUT executions but has no timeoutConfig, and does it retry when a step times out?',
    creates: { things: 1, jobs: 1 },
    minutes: 2,
    async observe(t) {
      const [thing] = await things(t, 1);
      const jobId = t.name('job');
      const create = await t.createJob({ jobId, targets: [thing], ...retries('TIMED_OUT', 1) });
      if (create.status !== 200) return { create };
      await t.until(() => t.executions(jobId), ({ length }) => length === 1);
      await t.start(thing, { stepTimeoutInMinutes: 1 });
      await t.pass(2);
      await t.until(() => t.executions(jobId), ({ length }) => length === 2);
      return { create, executions: await t.executions(jobId) };
    },
  },
  {
    id: 'retries-for-all-failures',
    question: 'Do FAILED and TIMED_OUT share the number of retries of a criterion for ALL?',
    creates: { things: 1, jobs: 1 },
    minutes: 2,
    async observe(t) {
      const [thing] = await things(t, 1);
      const jobId = await t.job([thing], { ...retries('ALL', 1), timeoutConfig: { inProgressTimeoutInMinutes: 1 } });
      await t.report(thing, jobId, 'FAILED');
      await t.until(() => t.executions(jobId), ({ length }) => length === 2);
      await t.start(thing);
      await t.pass(2);
      await t.until(() => t.executions(jobId), (all) => all.every((execution) => !execution.endsWith('IN_PROGRESS')));
      await t.service.settle();
      return { executions: await t.executions(jobId), job: await t.status(jobId) };
    },
  },
  {
    id: 'rejected-is-not-retried',
    question: 'Is a REJECTED execution tried again when ALL failures are?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const [thing] = await things(t, 1);
      const jobId = await t.job([thing], retries('ALL', 2));
      await t.report(thing, jobId, 'REJECTED');
      await t.service.settle();
      return { executions: await t.executions(jobId), job: await t.status(jobId) };
    },
  },
  {
    id: 'timed-out-execution',
    question: 'Which version and members has an execution that timed out, and what does its device get?',
    creates: { things: 1, jobs: 1 },
    minutes: 2,
    async observe(t) {
      const [thing] = await things(t, 1);
      const jobId = await t.job([thing], { timeoutConfig: { inProgressTimeoutInMinutes: 1 } });
      const device = await t.device(thing, ['notify', 'notify-next']);
      await t.start(thing, { statusDetails: { step: 'one' } });
      await device.heard();
      await t.pass(2);
      const execution = await t.until(() => t.describeExecution(thing, jobId), ({ status }) => status === 'TIMED_OUT');
      return {
        execution,
        told: await device.heard(),
        https: await t.ask(t.jobsData.describeJobExecution({ thingName: thing.name, jobId })),
        update: await device.request(`${jobId}/update`, { status: 'SUCCEEDED' }),
        job: await t.status(jobId),
      };
    },
  },
  {
    id: 'retry-after-a-timeout',
    question: 'Is an execution that timed out tried again at once?',
    creates: { things: 1, jobs: 1 },
    minutes: 2,
    async observe(t) {
      const [thing] = await things(t, 1);
      const jobId = await t.job([thing], { ...retries('TIMED_OUT', 1), timeoutConfig: { inProgressTimeoutInMinutes: 1 } });
      await t.start(thing);
      await t.pass(2);
      await t.until(() => t.executions(jobId), ({ length }) => length === 2);
      return { executions: await t.executions(jobId), second: await t.describeExecution(thing, jobId), job: await t.status(jobId) };
    },
  },
  {
    id: 'update-of-a-timeout',
    question: 'Does a new inProgressTimeoutInMinutes apply to executions that are IN_PROGRESS already?',
    creates: { things: 3, jobs: 2 },
    async observe(t) {
      const [a, b, c] = await things(t, 3);
      const timeoutConfig = { inProgressTimeoutInMinutes: 30 };
      const jobId = await t.job([a, b], { label: 'a', timeoutConfig: { inProgressTimeoutInMinutes: 10 } });
      const without = await t.job([c], { label: 'b' });
      for (const thing of [a, c]) await t.start(thing);
      const update = [await t.ask(t.iot.updateJob({ jobId, timeoutConfig })), await t.ask(t.iot.updateJob({ jobId: without, timeoutConfig }))];
      await t.start(b);
      const timer = async (thing) => (await t.plain(await t.jobsData.describeJobExecution({ thingName: thing.name, jobId: '$next' }))).execution.approximateSecondsBeforeTimedOut ?? 'none';
      return { update, startedBefore: await timer(a), startedAfter: await timer(b), startedWithoutTimer: await timer(c) };
    },
  },
  {
    id: 'timeout-of-a-step-and-of-a-job',
    question: 'What does approximateSecondsBeforeTimedOut count down to when a step timer runs beside the timer of the job, and when it is cancelled?',
    creates: { things: 2, jobs: 2 },
    async observe(t) {
      const [a, b] = await things(t, 2);
      const jobId = await t.job([a], { label: 'a', timeoutConfig: { inProgressTimeoutInMinutes: 20 } });
      const without = await t.job([b], { label: 'b' });
      await t.start(a, { stepTimeoutInMinutes: 7 });
      await t.start(b, { stepTimeoutInMinutes: 7 });
      const timer = async (thing) => (await t.plain(await t.jobsData.describeJobExecution({ thingName: thing.name, jobId: '$next' }))).execution.approximateSecondsBeforeTimedOut ?? 'none';
      const first = { withTimeout: await timer(a), without: await timer(b) };
      const step = async (stepTimeoutInMinutes) => {
        await t.report(a, jobId, 'IN_PROGRESS', { stepTimeoutInMinutes });
        await t.report(b, without, 'IN_PROGRESS', { stepTimeoutInMinutes });
        return { withTimeout: await timer(a), without: await timer(b) };
      };
      return { first, longer: await step(60), canceled: await step(-1) };
    },
  },
  {
    id: 'ranges-of-a-timeout',
    question: 'How is a job answered whose timeout is 0, more than seven days, or null?',
    creates: { things: 1, jobs: 3 },
    async observe(t) {
      const targets = await things(t, 1);
      const create = (label, inProgressTimeoutInMinutes) => t.createJob({ label, targets, timeoutConfig: { inProgressTimeoutInMinutes } });
      return { zero: await create('a', 0), tooLong: await create('b', 10081), none: await create('c', undefined) };
    },
  },
  {
    id: 'rate-of-a-rollout',
    question: 'When does a rollout of one thing a minute queue its executions, and what does the job say meanwhile?',
    creates: { things: 3, 'thing groups': 1, jobs: 1 },
    minutes: 3.5,
    async observe(t) {
      const group = await t.group('', { things: await things(t, 3) });
      const jobId = await t.job([group], { executions: 0, jobExecutionsRolloutConfig: { maximumPerMinute: 1 } });
      const { isConcurrent, processingTargets } = await t.describeJob(jobId);
      const atOnce = (await t.executions(jobId)).length;
      const queued = await countsByMinute(t, jobId, 4);
      const after = await t.describeJob(jobId);
      return { isConcurrent, processingTargets, atOnce, queued, after: { isConcurrent: after.isConcurrent, processingTargets: after.processingTargets } };
    },
  },
  {
    id: 'fractional-rate-of-a-rollout',
    question: 'How many executions does an exponential rollout queue a minute when its rate is no whole number?',
    creates: { things: 12, 'thing groups': 1, jobs: 1 },
    minutes: 5.5,
    async observe(t) {
      const group = await t.group('', { things: await things(t, 12) });
      const jobId = await t.job([group], {
        executions: 0,
        jobExecutionsRolloutConfig: { maximumPerMinute: 10, exponentialRate: { baseRatePerMinute: 1, incrementFactor: 1.5, rateIncreaseCriteria: { numberOfNotifiedThings: 1 } } },
      });
      return { queued: await countsByMinute(t, jobId, 6) };
    },
  },
  {
    id: 'rate-of-associated-targets',
    question: 'Does the rate of a rollout apply to targets that AssociateTargetsWithJob adds?',
    creates: { things: 3, 'thing groups': 1, jobs: 1 },
    minutes: 1.5,
    async observe(t) {
      const targets = await things(t, 3);
      const jobId = await t.job([await t.group()], { targetSelection: 'CONTINUOUS', jobExecutionsRolloutConfig: { maximumPerMinute: 1 } });
      await t.pass(0.5);
      await t.iot.associateTargetsWithJob({ jobId, targets: targets.map(({ arn }) => arn) });
      await t.service.settle();
      const soon = (await t.executions(jobId)).length;
      await t.pass(1);
      return { soon, aMinuteLater: (await t.executions(jobId)).length };
    },
  },
  {
    id: 'rate-of-joining-things',
    question: 'Does the rate of a rollout apply to things that join the group of a continuous job later?',
    creates: { things: 3, 'thing groups': 1, jobs: 1 },
    minutes: 0.5,
    async observe(t) {
      const joining = await things(t, 3);
      const group = await t.group();
      const jobId = await t.job([group], { targetSelection: 'CONTINUOUS', jobExecutionsRolloutConfig: { maximumPerMinute: 1 } });
      await t.pass(0.5);
      for (const thing of joining) await t.join(group, thing);
      await t.service.settle();
      return { soon: (await t.executions(jobId)).length };
    },
  },
  {
    id: 'update-of-a-rate',
    question: 'From when on does a new rate apply that a job gets in the middle of its rollout?',
    creates: { things: 6, 'thing groups': 1, jobs: 1 },
    minutes: 3.5,
    async observe(t) {
      const group = await t.group('', { things: await things(t, 6) });
      const jobId = await t.job([group], { executions: 0, jobExecutionsRolloutConfig: { maximumPerMinute: 1 } });
      await t.pass(0.5);
      const before = (await t.executions(jobId)).length;
      const update = await t.ask(t.iot.updateJob({ jobId, jobExecutionsRolloutConfig: { maximumPerMinute: 2 } }));
      await t.service.settle();
      const rightAfter = (await t.executions(jobId)).length;
      const queued = [];
      for (let minute = 0; minute < 3; minute++) {
        await t.pass(1);
        queued.push((await t.executions(jobId)).length);
      }
      return { before, update, rightAfter, queued };
    },
  },
];
