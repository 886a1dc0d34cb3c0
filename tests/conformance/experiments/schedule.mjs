// Schedules: the form of their times, what happens at their start and end, and maintenance windows.
import { digitsAsLetters } from '../lib/observation.mjs';

const minutesLater = (now, minutes) => new Date(now.getTime() + minutes * 60_000);
const twoDigits = (number) => String(number).padStart(2, '0');

/** A window that opens every day, first in so many minutes. */
const windowIn = (now, minutes, durationInMinutes) => {
  const at = minutesLater(now, minutes);
  return { startTime: `cron(${at.getUTCMinutes()} ${at.getUTCHours()} ? * * *)`, durationInMinutes };
};

/** Minutes until a window opens: two leave at least one full minute to create its job. */
const untilAWindow = 2;

async function startedAndQueued(t, more) {
  const [started, queued] = [await t.thing('a'), await t.thing('b')];
  const jobId = await t.scheduledJob([started, queued], { executions: 2, endIn: 32, ...more });
  await t.start(started);
  return { started, queued, jobId };
}

export default [
  {
    id: 'forms-of-a-time',
    question: 'In which forms are startTime and endTime of a schedule accepted, and how are they shown?',
    creates: { things: 1, jobs: 10 },
    async observe(t) {
      const thing = await t.thing();
      const iso = minutesLater(await t.now(), 60).toISOString();
      const [date, time] = [iso.slice(0, 10), iso.slice(11, 16)];
      const forms = [
        `${date} ${time}`, `${date}T${time}`, `${date}T${time}Z`, `${date}T${time}:00`, `${date}T${time}:00Z`,
        `${date}T${time}:00.000Z`, `${date}T${time}:00+00:00`, `${date.replaceAll('-', '/')} ${time}`, date, String(Math.floor(Date.parse(iso) / 1000)),
      ];
      const result = {};
      for (const [index, startTime] of forms.entries()) {
        const jobId = t.name('job', twoDigits(index));
        const { status, error, message } = await t.createJob({ jobId, targets: [thing], schedulingConfig: { startTime } });
        const shown = status === 200 ? (await t.describeJob(jobId)).schedulingConfig.startTime : undefined;
        result[digitsAsLetters(startTime)] = { status, error, message: message && digitsAsLetters(message.replaceAll(startTime, '<time>')), shown: shown === startTime ? 'as given' : shown && digitsAsLetters(shown) };
      }
      return result;
    },
  },
  {
    id: 'limits-of-a-schedule',
    question: 'How far ahead do the start and the end of a schedule have to be, and how far may they be?',
    creates: { things: 1, jobs: 6 },
    async observe(t) {
      const thing = await t.thing();
      const day = 24 * 60;
      const schedules = { startTooSoon: { startIn: 10 }, startTooLate: { startIn: 367 * day }, endTooSoon: { endIn: 10 }, endTooLate: { endIn: 740 * day }, tooShort: { startIn: 40, endIn: 60 }, behaviorWithoutEnd: { startIn: 60, endBehavior: 'CANCEL' } };
      const result = {};
      for (const [label, schedule] of Object.entries(schedules))
        result[label] = await t.scheduledJob([thing], { label, ...schedule }).then(() => 'accepted', (error) => digitsAsLetters(t.placeholders.text(error.message)));
      return result;
    },
  },
  {
    id: 'change-scheduled-job',
    question: 'Can a SCHEDULED job be updated and cancelled?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const jobId = await t.scheduledJob([await t.thing()], { startIn: 60 });
      const { status, isConcurrent } = await t.describeJob(jobId);
      const update = await t.ask(t.iot.updateJob({ jobId, description: 'new' }));
      const cancel = await t.ask(t.iot.cancelJob({ jobId }));
      return { status, isConcurrent, executions: await t.executions(jobId), update, cancel, after: await t.status(jobId) };
    },
  },
  {
    id: 'delete-scheduled-job',
    question: 'Can a SCHEDULED job be deleted without force?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      const jobId = await t.scheduledJob([await t.thing()], { startIn: 60 });
      return { without: await t.ask(t.iot.deleteJob({ jobId })), withForce: await t.ask(t.iot.deleteJob({ jobId, force: true })) };
    },
  },
  {
    id: 'associate-targets-with-scheduled-job',
    question: 'How is AssociateTargetsWithJob answered for a continuous job that is SCHEDULED?',
    creates: { things: 2, jobs: 1 },
    async observe(t) {
      const [a, b] = [await t.thing('a'), await t.thing('b')];
      const jobId = await t.scheduledJob([a], { startIn: 60, targetSelection: 'CONTINUOUS' });
      return t.ask(t.iot.associateTargetsWithJob({ jobId, targets: [b.arn] }));
    },
  },
  {
    id: 'form-of-a-window',
    question: 'In which forms is the start of a maintenance window accepted?',
    creates: { things: 1, jobs: 9 },
    async observe(t) {
      const thing = await t.thing();
      const forms = ['cron(0 2 ? * MON *)', '0 2 ? * MON *', 'cron(0 2 * * ? *)', 'cron(0 2 * * * *)', 'cron(0 2 ? * ? *)', 'cron(0 2 ? * MON#1,TUE#2 *)', 'cron(0 2 L * ? *)', 'rate(1 day)'];
      const result = {};
      for (const [index, startTime] of [...forms, '2026/06/15 02:00'].entries()) {
        const { status, error, message } = await t.createJob({ label: String(index), targets: [thing], targetSelection: 'CONTINUOUS', schedulingConfig: { maintenanceWindows: [{ startTime, durationInMinutes: 60 }] } });
        result[startTime] = { status, error, message };
      }
      return result;
    },
  },
  {
    id: 'windows-of-a-snapshot-job',
    question: 'How is a snapshot job with a maintenance window answered?',
    creates: { things: 1, jobs: 1 },
    async observe(t) {
      return t.createJob({ targets: [await t.thing()], schedulingConfig: { maintenanceWindows: [{ startTime: 'cron(0 2 ? * MON *)', durationInMinutes: 60 }] } });
    },
  },
  {
    id: 'length-of-a-window',
    question: 'How long may a maintenance window be, and how are windows answered that overlap?',
    creates: { things: 1, jobs: 4 },
    async observe(t) {
      const thing = await t.thing();
      const create = (label, maintenanceWindows) => t.createJob({ label, targets: [thing], targetSelection: 'CONTINUOUS', schedulingConfig: { maintenanceWindows } });
      const window = (hour, durationInMinutes) => ({ startTime: `cron(0 ${hour} ? * * *)`, durationInMinutes });
      return { none: await create('a', [window(2, 0)]), longest: await create('b', [window(2, 1430)]), tooLong: await create('c', [window(2, 1431)]), overlapping: await create('d', [window(2, 120), window(3, 120)]) };
    },
  },
  {
    id: 'window-of-a-job',
    question: 'What do devices see of a job before its maintenance window opens, while it is open, and once it has closed with executions QUEUED and IN_PROGRESS?',
    creates: { things: 2, 'thing groups': 1, jobs: 1 },
    minutes: 6,
    async observe(t) {
      const [started, queued] = [await t.thing('a'), await t.thing('b')];
      const group = await t.group('', { things: [started, queued] });
      const window = windowIn(await t.now(), untilAWindow, 2);
      const jobId = await t.scheduledJob([group], { targetSelection: 'CONTINUOUS', maintenanceWindows: [window] });
      const device = await t.device(queued, ['notify', 'notify-next']);
      const view = async () => ({
        job: await t.status(jobId),
        rollouts: (await t.describeJob(jobId)).scheduledJobRollouts?.length,
        executions: (await t.executions(jobId)).sort(),
        pending: await t.ask(t.jobsData.getPendingJobExecutions({ thingName: queued.name })),
        told: await device.topics(),
      });
      const before = await view();
      await t.pass(2.5);
      await t.until(() => t.executions(jobId), ({ length }) => length === 2);
      const open = await view();
      await t.start(started);
      await t.pass(3.5);
      await t.status(jobId, 'SCHEDULED');
      return {
        before,
        open,
        closed: {
          ...(await view()),
          describe: await t.ask(t.jobsData.describeJobExecution({ thingName: queued.name, jobId })),
          start: await t.ask(t.jobsData.startNextPendingJobExecution({ thingName: queued.name })),
          update: await t.ask(t.report(queued, jobId, 'SUCCEEDED')),
          updateStarted: await t.ask(t.report(started, jobId, 'SUCCEEDED')),
        },
      };
    },
  },
  {
    id: 'retry-outside-a-window',
    question: 'When is an execution tried again that fails once the maintenance window has closed?',
    creates: { things: 1, 'thing groups': 1, jobs: 1 },
    minutes: 6,
    async observe(t) {
      const thing = await t.thing();
      const group = await t.group('', { things: [thing] });
      const window = windowIn(await t.now(), untilAWindow, 2);
      const jobId = await t.scheduledJob([group], {
        targetSelection: 'CONTINUOUS', maintenanceWindows: [window], jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 1 }] },
      });
      await t.pass(2.5);
      await t.until(() => t.executions(jobId), ({ length }) => length === 1);
      await t.start(thing);
      await t.pass(3.5);
      await t.status(jobId, 'SCHEDULED');
      const failed = await t.ask(t.report(thing, jobId, 'FAILED'));
      await t.service.settle();
      return { failed, executions: await t.executions(jobId), job: await t.status(jobId) };
    },
  },
  {
    id: 'start-of-a-schedule',
    question: 'What happens to a job at its start: its status, its executions, and what its device is told?',
    creates: { things: 1, jobs: 1 },
    minutes: 33,
    async observe(t) {
      const thing = await t.thing();
      const device = await t.device(thing, ['notify', 'notify-next']);
      const jobId = await t.scheduledJob([thing], { startIn: 32 });
      const before = { job: await t.status(jobId), executions: await t.executions(jobId), told: await device.topics() };
      await t.pass(33);
      await t.until(() => t.executions(jobId), ({ length }) => length === 1);
      return { before, job: await t.status(jobId), executions: await t.executions(jobId), told: await device.topics() };
    },
  },
  ...['STOP_ROLLOUT', 'CANCEL', 'FORCE_CANCEL'].map((endBehavior) => ({
    id: `end-with-${endBehavior.toLowerCase().replace('_', '-')}`,
    question: `What is the status of a job with endBehavior ${endBehavior} after its end, and of its executions, while some are open and once all are finished?`,
    creates: { things: 2, jobs: 1 },
    minutes: 34,
    async observe(t) {
      const { started, queued, jobId } = await startedAndQueued(t, { endBehavior });
      await t.pass(34);
      const view = async () => {
        const { status, reasonCode, comment, forceCanceled, completedAt } = await t.describeJob(jobId);
        return { status, reasonCode, comment, forceCanceled, completedAt, executions: (await t.executions(jobId)).sort() };
      };
      const ended = await view();
      const updates = [await t.ask(t.report(started, jobId, 'SUCCEEDED')), await t.ask(t.report(queued, jobId, 'SUCCEEDED'))];
      await t.service.settle();
      return { ended, updates, finished: await view() };
    },
  })),
  {
    id: 'end-while-a-window-is-closed',
    question: 'What becomes of a job at its end when its maintenance window is closed and never opened?',
    creates: { things: 1, jobs: 1 },
    minutes: 34,
    async observe(t) {
      const thing = await t.thing();
      const window = windowIn(await t.now(), 600, 60);
      const jobId = await t.scheduledJob([thing], { targetSelection: 'CONTINUOUS', endIn: 32, endBehavior: 'CANCEL', maintenanceWindows: [window] });
      const before = await t.status(jobId);
      await t.pass(34);
      const { status, completedAt } = await t.describeJob(jobId);
      return { before, status, completedAt, executions: await t.executions(jobId) };
    },
  },
];
