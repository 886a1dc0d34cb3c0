// Pictures of every page, to be looked at: with nothing, with three rows and with FLEET rows (100000 without it), in both themes, 360, 1280 and 1920 px
// wide: tests/console/run every-page. They lie in TestResults/console/every-page. A page is taken to its end; one with FLEET rows as its window shows it.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { launch, visit } from './lib/browser.mjs';
import { Account, many, reset } from './lib/emulator.mjs';
import { fileName, sections } from './lib/pages.mjs';

const folder = join(process.env.SCREENSHOTS, 'every-page');
const fleet = Number(process.env.FLEET ?? 100_000);
const account = new Account('111122223333');
const details = ['/jobs/update-firmware', '/jobs/update-firmware?thing=pump-1&execution=1', '/things/pump-1'];
const forms = [
  ['/create-job', async page => {
    await page.getByLabel('Job template').selectOption({ label: 'AWS-Download-File 1.0' });
    await page.getByText('Rollout, abort, timeout', { exact: false }).click();
    for (const name of ['Add an abort criterion', 'Add a retry criterion', 'Add a maintenance window']) await page.getByRole('button', { name }).click();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    await page.getByRole('alert').waitFor();
  }],
  ['/jobs/update-firmware', async page => {
    await page.getByRole('button', { name: 'Edit', exact: true }).click();
    await page.getByRole('button', { name: 'Update the job' }).waitFor();
  }],
  ['/jobs/update-firmware', async page => {
    await page.getByRole('button', { name: 'Add targets' }).click();
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('button', { name: 'Delete: confirm' }).waitFor();
  }],
  ['/things/pump-1', async page => {
    await page.getByRole('button', { name: 'Start next' }).click();
    await page.getByText('200: accepted').waitFor();
    await page.locator('.timeline summary').first().click();
  }],
  ['/requests', page => page.locator('summary').first().click()],
  ['/messages', async page => {
    await page.getByText('Publish a message').click();
    await page.locator('.timeline summary').first().click();
    await page.getByRole('button', { name: 'Hex' }).click();
  }],
  ['/simulators', page => page.getByRole('button', { name: 'Remove… pumps' }).click()],
  ['/seeds', async page => {
    await page.getByRole('button', { name: 'Run' }).click();
    await page.getByRole('alert').waitFor();
  }],
];

const job = {
  description: 'Firmware 2.0 for all pumps',
  targetSelection: 'CONTINUOUS',
  jobExecutionsRolloutConfig: { maximumPerMinute: 1000 },
  timeoutConfig: { inProgressTimeoutInMinutes: 30 },
  abortConfig: { criteriaList: [{ failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 60, minNumberOfExecutedThings: 10 }] },
  jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 2 }] },
  tags: [{ Key: 'team', Value: 'pumps' }],
};
const simulator = things => ({ things, picksUp: '5s', takes: { from: '30s', to: '6m' }, outcomes: { SUCCEEDED: 85, FAILED: 10, REJECTED: 5 }, offline: 5 });

async function threeRows() {
  await many(3, number => account.createThing(`pump-${number}`));
  await account.createThing(`a-thing-with-a-name-of-128-characters-${'x'.repeat(90)}`);
  await account.createJob('update-firmware', [1, 2, 3].map(number => `thing/pump-${number}`), job);
  await account.createJob('a-job-with-an-id-of-64-characters-0123456789-0123456789-01234567', ['thing/pump-1']);
  await account.createJob('not-yet', ['thing/pump-2'], {
    targetSelection: 'CONTINUOUS',
    schedulingConfig: { maintenanceWindows: [{ startTime: 'cron(0 2 ? * SUN *)', durationInMinutes: 90 }] },
  });
  await account.device('PUT', '/things/pump-1/jobs/$next', {});
  await account.call('POST', '/_emulator/clock/advance', { by: '40s' });
  await account.device('POST', '/things/pump-1/jobs/update-firmware', { status: 'FAILED', statusDetails: { step: 'checksum', expected: 'e3b0c442' } });
  await account.device('PUT', '/things/pump-2/jobs/$next', {});
  await account.call('POST', '/_emulator/clock/advance', { by: '2m' });
  await account.device('POST', '/things/pump-2/jobs/update-firmware', { status: 'SUCCEEDED', statusDetails: { step: 'installed' } });
  await account.call('POST', '/_emulator/faults', { operation: 'UpdateJobExecution', error: 'ThrottlingException', thing: 'pump-3', times: 1 });
  await account.call('POST', '/_emulator/faults', { operation: '*', delay: '20ms', probability: 0.5, seed: 7, thing: 'valve-*' });
  await account.call('POST', '/_emulator/faults', { notification: 'notify-next', drop: 'before', account: account.id, thing: 'valve-*' });
  await account.device('POST', '/things/pump-3/jobs/update-firmware', { status: 'SUCCEEDED' }).catch(() => {}); // the fault
  for (const name of ['pumps', 'valves', 'meters-of-the-north']) await account.call('PUT', `/_emulator/simulators/${name}`, simulator(`${name}-*`));
  for (const name of ['three-minutes-in', 'before-the-update', 'c']) await account.call('PUT', `/_emulator/snapshots/${name}`);
}

async function manyRows() {
  await account.createFleet(fleet);
  await account.call('PUT', '/_emulator/simulators/pumps', simulator('pump-*'));
  await account.createJob('update-firmware', ['thinggroup/fleet'], job);
  await account.call('POST', '/_emulator/clock/advance', { by: '20m' });
  await account.call('DELETE', '/_emulator/simulators/pumps');
  await account.call('POST', '/_emulator/seed', {
    calls: [{ repeat: fleet - 1, operation: 'CreateJob', input: { jobId: 'update-${n}', targets: [account.arn('thing/pump-${n}')], document: '{}' } }],
  });
  await account.call('PUT', '/_emulator/simulators/pumps', simulator('pump-*'));
  await many(1000, () => account.call('POST', '/_emulator/faults', { operation: 'UpdateJobExecution', error: 'ThrottlingException', thing: 'valve-*' }));
  await account.call('PUT', '/_emulator/snapshots/fleet');
}

/** Takes pages; a pair of a path and a function is a page with which something is done before. */
async function take(browser, rows, paths, isWhole) {
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 1280, 1920]) {
      const height = isWhole ? 900 : width < 400 ? 2400 : 1600;
      const page = await browser.open(account.console, { colorScheme, width, height });
      const counted = {};
      for (const [path, act] of paths.map(path => [path].flat())) {
        await visit(page, account.console + path);
        await page.waitForFunction(() => document.querySelector('main h1') && !document.querySelector('tbody td[colspan]')); // nor rows on their way
        await act?.(page);
        if (isWhole) await page.setViewportSize({ width, height: await page.evaluate(() => document.documentElement.scrollHeight) });
        await page.waitForFunction(() => [...document.querySelectorAll('table.rows:not([hidden])')].every(table => table.getBoundingClientRect().top > innerHeight - 100 || table.querySelector('tbody td')));
        const name = fileName(path) + (act ? `-form-${counted[path] = (counted[path] ?? 0) + 1}` : '');
        await page.screenshot({ path: join(folder, `${name}-${rows}-${width}-${colorScheme}.png`) });
        if (isWhole) await page.setViewportSize({ width, height });
      }
      await page.context().close();
    }
  }
}

async function forget() {
  await reset();
  for (const { name } of (await account.call('GET', '/_emulator/snapshots')).snapshots) await account.call('DELETE', `/_emulator/snapshots/${name}`);
}

mkdirSync(folder, { recursive: true });
const browser = await launch();
await forget();
await take(browser, '0', [...sections, '/jobs/none', '/things/none'], true);
await threeRows();
await take(browser, '3', [...sections, ...details, '/jobs?search=zzz', ...forms], true);
await forget();
await manyRows();
await take(browser, 'many', [...sections, ...details, '/things?search=pump-9', '/jobs?search=update-9', '/jobs/update-firmware?status=FAILED'], false);
await forget();
await browser.close();
if (browser.problems.length) console.log(browser.problems.join('\n'));
