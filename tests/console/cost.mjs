// What an open page of a job costs the emulator while the job goes on: tests/console/run cost
//
// A job of FLEET executions (100000 without it) is created and rolled out at once, and STEPS devices (20000) report; ROUNDS times (5) without a page,
// and in turn with one whose plot and list are live. Prints the emulator's processor time and the time on the wall for the same work. The browser
// takes its share of the machine's cores, too: with few cores the wall tells of both, the processor time of the emulator alone.
import { readFileSync } from 'node:fs';
import { launch } from './lib/browser.mjs';
import { Account, many, reset } from './lib/emulator.mjs';

const [fleet, steps, rounds] = ['FLEET', 'STEPS', 'ROUNDS'].map((name, place) => Number(process.env[name] ?? [100_000, 20_000, 5][place]));
const ticksInSecond = 100;
const account = new Account('111122223333');

/** Seconds of processor time that the emulator has taken. */
function processorTime() {
  const fields = readFileSync(`/proc/${process.env.EMULATOR_PID}/stat`, 'utf8').split(') ')[1].split(' ');
  return (Number(fields[11]) + Number(fields[12])) / ticksInSecond;
}

async function measure(work) {
  const [wall, processor] = [performance.now(), processorTime()];
  await work();
  return { wall: (performance.now() - wall) / 1000, processor: processorTime() - processor };
}

async function rollOut() {
  await account.createJob('update-firmware', ['thinggroup/fleet']);
  for (let queued = 0; queued < fleet;)
    queued = (await account.call('GET', '/jobs/update-firmware')).job.jobProcessDetails.numberOfQueuedThings ?? 0;
}

const report = () => many(steps, number => account.device('POST', `/things/pump-${number}/jobs/update-firmware`, { status: 'SUCCEEDED' }));

async function round(browser) {
  await account.call('POST', '/_emulator/snapshots/fleet/restore');
  const page = await browser?.open(`${account.console}/jobs/update-firmware`);
  const outcome = { 'roll-out': await measure(rollOut), reports: await measure(report) };
  await page?.getByText(`SUCCEEDED ${steps.toLocaleString('en').replace(',', '\u202f')}`, { exact: false }).first().waitFor();
  await page?.context().close();
  return outcome;
}

await reset();
await account.call('PATCH', '/_emulator/settings', { rollout: 'immediate' });
await account.createFleet(fleet);
await account.call('PUT', '/_emulator/snapshots/fleet');
const browser = await launch();
await round();
await round(browser); // both once, to warm up
const outcomes = { without: [], with: [] };
for (let number = 0; number < rounds; number++) {
  outcomes.without.push(await round());
  outcomes.with.push(await round(browser));
}
await browser.close();
await account.call('DELETE', '/_emulator/snapshots/fleet');

const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
for (const work of ['roll-out', 'reports']) {
  for (const kind of ['processor', 'wall']) {
    const [without, beside] = ['without', 'with'].map(page => median(outcomes[page].map(outcome => outcome[work][kind])));
    console.log(`${work.padEnd(9)} ${kind.padEnd(10)} without ${without.toFixed(2)} s, with a page ${beside.toFixed(2)} s: ${((beside / without - 1) * 100).toFixed(1)} %`);
  }
}
