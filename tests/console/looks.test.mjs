// Every page, in both themes, narrow and wide, with nothing and with something: axe finds nothing, and nothing is wider than the window.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { faultsOf, launch, screenshot } from './lib/browser.mjs';
import { Account, many, reset } from './lib/emulator.mjs';
import { fileName, sections } from './lib/pages.mjs';

const empty = new Account('777788889999'), some = new Account('111122223333');
let browser;

before(async () => {
  browser = await launch();
  await reset();
  await some.call('POST', '/thing-groups/pumps', {});
  await many(40, async number => {
    await some.createThing(`pump-${number}`);
    await some.call('PUT', '/thing-groups/addThingToThingGroup', { thingName: `pump-${number}`, thingGroupName: 'pumps' });
  });
  await some.createJob('update-firmware', ['thinggroup/pumps'], {
    description: 'Firmware 2.0 for all pumps',
    targetSelection: 'CONTINUOUS',
    jobExecutionsRolloutConfig: { maximumPerMinute: 10 },
    timeoutConfig: { inProgressTimeoutInMinutes: 30 },
    abortConfig: { criteriaList: [{ failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 80, minNumberOfExecutedThings: 5 }] },
    jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 2 }] },
  });
  for (let minute = 0; minute < 3; minute++) {
    await many(40, async number => {
      const { execution } = await some.device('PUT', `/things/pump-${number}/jobs/$next`, {});
      if (execution && number % 4)
        await some.device('POST', `/things/pump-${number}/jobs/update-firmware`, { status: number % 5 ? 'SUCCEEDED' : 'FAILED', statusDetails: { step: 'installed' } });
    }, 4);
    await some.call('POST', '/_emulator/clock/advance', { by: '1m' });
  }
  await some.call('POST', '/_emulator/faults', { operation: 'UpdateJobExecution', error: 'ThrottlingException', thing: 'pump-1' });
  await some.call('PUT', '/_emulator/simulators/valves', { things: 'valve-*', outcomes: { SUCCEEDED: 95, FAILED: 5 }, offline: 5 });
  await some.call('PUT', '/_emulator/snapshots/three-minutes-in');
});
after(() => browser.close());

for (const colorScheme of ['light', 'dark']) {
  for (const width of colorScheme === 'light' ? [360, 1280, 1920] : [360, 1280]) { // how wide it is has nothing to do with its colours
    for (const [account, name, shown] of [[empty, 'empty', [...sections, '/jobs/none', '/things/none']], [some, 'some', [...sections, '/jobs/update-firmware', '/jobs/update-firmware?thing=pump-5&execution=1', '/things/pump-5']]]) {
      test(`${colorScheme}, ${width} px, ${name}`, async () => {
        for (const path of shown) {
          const page = await browser.open(account.console + path, { colorScheme, width });
          assert.deepEqual(await faultsOf(page), [], path);
          await screenshot(page, `${name}-${fileName(path)}-${width}-${colorScheme}`);
          await page.context().close();
        }
        assert.deepEqual(browser.problems.splice(0), []);
      });
    }
  }
}

test('the form of a new job, unfolded, and a thing whose name is as long as it can be', async () => {
  await some.createThing('x'.repeat(128));
  for (const colorScheme of ['light', 'dark']) {
    for (const width of [360, 1280]) {
      const page = await browser.open(`${some.console}/create-job`, { colorScheme, width });
      await page.getByLabel('Job template').selectOption('AWS-Download-File 1.0');
      await page.getByLabel('downloadUrl').waitFor();
      await page.getByText('Rollout, abort, timeout', { exact: false }).click();
      for (const name of ['Add an abort criterion', 'Add a retry criterion', 'Add a maintenance window']) await page.getByRole('button', { name }).click();
      await page.getByText('Opens every day at 02:00 UTC.').waitFor();
      await page.getByLabel('Find things').fill('xx');
      await page.getByRole('button', { name: '+ xx' }).waitFor();
      assert.deepEqual(await faultsOf(page), []);
      await screenshot(page, `create-job-unfolded-${width}-${colorScheme}`);
      await page.context().close();
    }
  }
  assert.deepEqual(browser.problems.splice(0), []);
});

test('the start page', async () => {
  const { url } = await import('./lib/emulator.mjs');
  for (const colorScheme of ['light', 'dark']) {
    const page = await browser.open(url, { colorScheme, isConsole: false });
    assert.deepEqual(await faultsOf(page), []);
  }
});
