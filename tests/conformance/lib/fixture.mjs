// What an experiment works with: it creates things, groups, jobs and templates with random names, and removes them all at the end.
import { randomBytes } from 'node:crypto';
import { Device } from './device.mjs';
import { Placeholders, outcomeOf, outcomeOfRequest } from './observation.mjs';

const gone = ['ResourceNotFoundException'];

export class Fixture {
  created = {};
  minutes = 0;
  placeholders = new Placeholders();
  #prefix = `conformance-${randomBytes(4).toString('hex')}`;
  #removals = [];
  #devices = [];
  #signal;

  /** The signal ends the experiment early; what it created is removed all the same. */
  constructor(service, signal) {
    this.service = service;
    this.#signal = signal;
    this.iot = service.iot;
    this.jobsData = service.jobsData;
  }

  /** A random name, and what stands for it: `name('thing', 'b')` is `<thing b>`. Labels, not moments, decide the alphabetical order. */
  name(kind, label = '') {
    const name = [this.#prefix, kind, label].filter(Boolean).join('-');
    this.placeholders.add(name, `<${[kind, label].filter(Boolean).join(' ')}>`);
    return name;
  }

  async thing(label, more = {}) {
    const thingName = this.name('thing', label);
    this.#create('things', `thing ${thingName}`, () => this.iot.deleteThing({ thingName }));
    const { thingArn } = await this.iot.createThing({ thingName, ...more });
    return { name: thingName, arn: thingArn };
  }

  /** A thing group, with things in it. */
  async group(label, { parent, things = [] } = {}) {
    const thingGroupName = this.name('group', label);
    this.#create('thing groups', `thing group ${thingGroupName}`, () => this.iot.deleteThingGroup({ thingGroupName }));
    const { thingGroupArn, thingGroupId } = await this.iot.createThingGroup({ thingGroupName, parentGroupName: parent?.name });
    const group = { name: thingGroupName, arn: thingGroupArn, id: thingGroupId };
    for (const thing of things) await this.join(group, thing);
    if (things.length > 0) await this.service.settle(this.#signal);
    return group;
  }

  join = (group, thing) => this.iot.addThingToThingGroup({ thingGroupName: group.name, thingName: thing.name });
  leave = (group, thing) => this.iot.removeThingFromThingGroup({ thingGroupName: group.name, thingName: thing.name });

  /** A type of things. It is deprecated at the end, and can be deleted five minutes later. */
  async thingType(label) {
    const thingTypeName = this.name('type', label);
    this.#create('thing types', `thing type ${thingTypeName}`, () => this.iot.deleteThingType({ thingTypeName }));
    this.onEnd(`deprecation of ${thingTypeName}`, () => this.iot.deprecateThingType({ thingTypeName }));
    await this.iot.createThingType({ thingTypeName });
    return thingTypeName;
  }

  /** CreateJob, however it ends. `targets` are things and groups; `jobId` is given where a name is to be used again. */
  createJob({ label, jobId = this.name('job', label), targets, ...more }) {
    if (!('document' in more) && !('documentSource' in more) && !('jobTemplateArn' in more)) more.document = '{"operation":"install"}';
    this.#create('jobs', `job ${jobId}`, () => this.#removeJob(jobId));
    return this.ask(this.iot.createJob({ jobId, targets: targets.map((target) => target.arn ?? target), ...more }));
  }

  /** A job that has to be there; answers its id once so many executions are (one of each thing in `targets` when not said). */
  async job(targets, { executions = targets.filter((target) => target.arn?.includes(':thing/')).length, label, ...more } = {}) {
    const jobId = this.name('job', label);
    const { status, message } = await this.createJob({ jobId, targets, ...more });
    if (status !== 200) throw new Error(`CreateJob was refused: ${message}`);
    await this.until(
      () => this.iot.listJobExecutionsForJob({ jobId, maxResults: 250 }),
      ({ executionSummaries }) => executionSummaries.length >= executions,
    );
    return jobId;
  }

  /**
   * A job with a schedule that has to be there: `startIn` and `endIn` are minutes from now. Times are written with a T, and with a
   * space where that is refused.
   */
  async scheduledJob(targets, { startIn, endIn, endBehavior, maintenanceWindows, label, executions = 0, ...more }) {
    const now = await this.now();
    const time = (minutes, separator) => minutes && new Date(now.getTime() + minutes * 60_000).toISOString().slice(0, 16).replace('T', separator);
    const jobId = this.name('job', label);
    let created;
    for (const separator of ['T', ' ']) {
      const schedulingConfig = { startTime: time(startIn, separator), endTime: time(endIn, separator), endBehavior, maintenanceWindows };
      created = await this.createJob({ jobId, targets, schedulingConfig, ...more });
      if (created.status === 200) break;
    }
    if (created.status !== 200) throw new Error(`CreateJob was refused: ${created.message}`);
    await this.until(() => this.executions(jobId), ({ length }) => length >= executions);
    return jobId;
  }

  createTemplate({ label, jobTemplateId = this.name('template', label), ...more }) {
    this.#create('job templates', `job template ${jobTemplateId}`, () => this.iot.deleteJobTemplate({ jobTemplateId }));
    return this.ask(this.iot.createJobTemplate({ jobTemplateId, ...more }));
  }

  /** Switches types of events on until the end of the experiment. This is a setting of the whole account. */
  async switchEventsOn(...types) {
    const { eventConfigurations: before } = await this.iot.describeEventConfigurations({});
    const change = (isOn) => this.iot.updateEventConfigurations({ eventConfigurations: Object.fromEntries(types.map((type) => [type, { Enabled: isOn(type) }])) });
    this.onEnd(`event configurations ${types}`, () => change((type) => before?.[type]?.Enabled ?? false));
    await change(() => true);
    await this.service.settle(this.#signal);
  }

  /** A device that speaks for a thing over MQTT, subscribed to topics below `$aws/things/THING/jobs/`. */
  async device(thing, topics = [], qos = 1) {
    const device = new Device(this, thing.name, this.name('client', String(this.#devices.length + 1)));
    this.#devices.push(device);
    await device.connect();
    if (topics.length > 0) await device.subscribe(topics, qos);
    return device;
  }

  /** A thing, a device that speaks for it, subscribed to these topics, and after that a job on the thing. */
  async deviceWithJob(topics) {
    const thing = await this.thing();
    const device = await this.device(thing, topics);
    return { thing, device, jobId: await this.job([thing]) };
  }

  /** How a call ended, as it is written down. */
  ask = async (call) => this.plain(await outcomeOf(call));

  /** How a request ended that no SDK client would send, or whose body is to be seen as it came. */
  request = async (service, method, path, { query, body } = {}) =>
    this.plain(outcomeOfRequest(await this.service.request(service, { method, path, query, body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body) })));

  plain = (value) => this.placeholders.plain(value);

  /** Asks until it is so, for a minute at most, a second apart; answers what was seen last. */
  async until(ask, isSo, seconds = 60) {
    for (let second = 0; ; second++) {
      const seen = await ask();
      if (isSo(seen) || second >= seconds) return seen;
      await this.service.wait(1, this.#signal);
    }
  }

  /** Lets minutes pass: the emulator's clock is advanced, on AWS they are waited for. */
  async pass(minutes) {
    this.minutes += minutes;
    await this.service.wait(minutes * 60, this.#signal);
  }

  now = () => this.service.now();

  describeJob = async (jobId) => (await this.iot.describeJob({ jobId })).job;
  describeExecution = async (thing, jobId, executionNumber) =>
    (await this.iot.describeJobExecution({ thingName: thing.name, jobId, executionNumber })).execution;

  /** The status of a job, once it is one of these; or 'gone'. */
  status = (jobId, ...awaited) =>
    this.until(
      () => this.describeJob(jobId).then((job) => job.status, (error) => (gone.includes(error.name) ? 'gone' : Promise.reject(error))),
      (status) => awaited.length === 0 || awaited.includes(status),
    );

  /** The counters of a job that are not zero: `{ Queued: 2 }`. */
  async counts(jobId) {
    const { jobProcessDetails } = await this.describeJob(jobId);
    const counters = Object.entries(jobProcessDetails).filter(([name, value]) => name.startsWith('numberOf') && value !== 0);
    return Object.fromEntries(counters.map(([name, value]) => [name.slice('numberOf'.length, -'Things'.length), value]).sort());
  }

  /** The executions of a job in the order they are listed: `['<thing> 1 QUEUED']`. */
  async executions(jobId) {
    const { executionSummaries } = await this.iot.listJobExecutionsForJob({ jobId, maxResults: 250 });
    return executionSummaries.map(({ thingArn, jobExecutionSummary: { executionNumber, status } }) =>
      this.placeholders.text(`${thingArn.split(':thing/')[1]} ${executionNumber} ${status}`));
  }

  start = async (thing, more) => (await this.jobsData.startNextPendingJobExecution({ thingName: thing.name, ...more })).execution;
  report = (thing, jobId, status, more) => this.jobsData.updateJobExecution({ thingName: thing.name, jobId, status, ...more });

  /** What has to be done at the end, in reverse order. */
  onEnd(what, remove) {
    this.#removals.push({ what, remove });
  }

  /** Removes everything, and answers what is left: `[{what, why}]`. */
  async close() {
    this.#signal = undefined;
    for (const device of this.#devices) device.end();
    const left = [];
    for (const { what, remove } of this.#removals.reverse()) {
      const why = await this.#tryToRemove(remove, what.startsWith('thing type') ? 400 : 90);
      if (why) left.push({ what, why });
    }
    return left;
  }

  async #tryToRemove(remove, seconds) {
    for (let waited = 0, step = 1; ; waited += step, step = Math.min(step * 2, 15)) {
      try {
        return void (await remove());
      } catch (error) {
        if (gone.includes(error.name)) return undefined;
        if (waited >= seconds) return `${error.name}: ${error.message}`;
        await this.service.wait(step);
      }
    }
  }

  async #removeJob(jobId) {
    const { job } = await this.iot.describeJob({ jobId });
    if (job.status !== 'DELETION_IN_PROGRESS') await this.iot.deleteJob({ jobId, force: true });
    const isThere = () => this.iot.describeJob({ jobId }).then(() => true, (error) => (gone.includes(error.name) ? false : Promise.reject(error)));
    if (await this.until(isThere, (there) => !there, 180)) throw new Error('it is still being deleted');
  }

  /** Said before each creation, whose answer may be lost. What is created twice under one name is removed once. */
  #create(kind, what, remove) {
    if (this.#removals.some((removal) => removal.what === what)) return;
    this.created[kind] = (this.created[kind] ?? 0) + 1;
    this.onEnd(what, remove);
  }
}
