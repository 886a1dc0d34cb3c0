// What can be done to jobs, executions, faults and the clock, and what is told of messages and events.
import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, screenshot, tabTo, visit } from './lib/browser.mjs';
import { Account, reset, url } from './lib/emulator.mjs';

const mine = new Account('111122223333');
let browser;

before(async () => { browser = await launch(); });
beforeEach(reset);
afterEach(() => assert.deepEqual(browser.problems.splice(0), []));
after(() => browser.close());

test('create a job with a maintenance window, and edit it', async () => {
  await mine.createThing('pump-1');
  const page = await browser.open(`${mine.console}/create-job?thing=pump-1`);
  await page.getByLabel('Job id').fill('update-firmware');
  await page.getByLabel('CONTINUOUS').check();
  await page.getByText('Rollout, abort, timeout', { exact: false }).click();
  await page.getByLabel('Maximum per minute').fill('10');
  await page.getByRole('button', { name: 'Add an abort criterion' }).click();
  await page.getByLabel('Threshold (%)').fill('50');
  await page.getByLabel('Least executed things').fill('4');
  await page.getByRole('button', { name: 'Add a maintenance window' }).click();
  await page.getByText('Opens every day at 02:00 UTC.').waitFor();
  await page.getByLabel('Opens: cron', { exact: false }).fill('cron(30 3 ? * MON-FRI *)');
  await page.getByText('Opens every MON to FRI at 03:30 UTC.').waitFor();
  await screenshot(page, 'create-job-filled');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('A maintenance window opens every MON to FRI at 03:30 UTC, for 1 h.').waitFor();
  await page.getByText('The job is canceled when 50 % of at least 4', { exact: false }).waitFor();

  await page.getByRole('button', { name: 'Edit', exact: true }).click();
  assert.equal(await page.getByLabel('Maximum per minute').inputValue(), '10');
  await page.getByLabel('Description').fill('for all pumps');
  await page.getByLabel('Maximum per minute').fill('many');
  await page.getByRole('button', { name: 'Update the job' }).click();
  await page.getByRole('alert').getByText('SerializationException', { exact: false }).or(page.getByRole('alert').getByText('InvalidRequestException')).first().waitFor();
  await page.getByLabel('Maximum per minute').fill('20');
  await page.getByRole('button', { name: 'Update the job' }).click();
  await page.getByText('The job is updated.').waitFor();
  await page.getByText('At most 20 executions are queued a minute.').waitFor();
  await page.getByText('for all pumps').waitFor();
});

test('create a job from a template, with parameters and tags', async () => {
  await mine.createThing('pump-1');
  await mine.call('PUT', '/job-templates/of-mine', { description: 'Of this account', document: '{"operation":"inspect"}' });
  const page = await browser.open(`${mine.console}/create-job?thing=pump-1`);
  await page.getByLabel('Job id').fill('download');
  await page.getByLabel('Job template').selectOption('AWS-Download-File 1.0');
  await page.getByText('A managed job template for downloading a file.', { exact: false }).waitFor();
  assert.equal(await page.getByLabel('Job document').inputValue(), '');
  await page.getByLabel('downloadUrl').fill('https://example.com/pump.bin');
  await page.getByLabel('Tags').fill('team=pumps\naws:stack=1');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('alert').getByText('aws:', { exact: false }).waitFor();
  await page.getByLabel('Tags').fill('team=pumps');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('alert').getByText('Document parameter filePath is required', { exact: false }).waitFor();
  await page.getByLabel('filePath').fill('/tmp/pump.bin');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('team = pumps').waitFor();
  await page.getByText('filePath = /tmp/pump.bin').waitFor();
  await page.getByText('jobtemplate/AWS-Download-File:1.0').waitFor();
  await page.locator('pre', { hasText: 'https://example.com/pump.bin' }).waitFor();

  await visit(page, `${mine.console}/create-job?thing=pump-1`);
  await page.getByLabel('Job id').fill('inspect');
  await page.getByLabel('Job template').selectOption('of-mine');
  await page.getByText('Its document').click();
  await page.locator('pre', { hasText: 'inspect' }).waitFor();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByText('jobtemplate/of-mine').waitFor();
  assert.equal((await mine.call('GET', '/jobs/inspect/job-document')).document, '{"operation":"inspect"}');
});

test('add targets to a continuous job; one that waits for its window refuses them', async () => {
  await mine.createThing('pump-1');
  await mine.createThing('pump-2');
  await mine.createJob('in-windows', ['thing/pump-1'], {
    targetSelection: 'CONTINUOUS',
    schedulingConfig: { maintenanceWindows: [{ startTime: 'cron(0 2 1 1 ? 2090)', durationInMinutes: 1 }] },
  });
  await mine.createJob('update-firmware', ['thing/pump-1'], { targetSelection: 'CONTINUOUS' });
  const page = await browser.open(`${mine.console}/jobs/in-windows`);
  await page.getByRole('button', { name: 'Add targets' }).click();
  await page.getByRole('button', { name: '+ pump-2' }).click();
  await page.getByRole('button', { name: 'Add the targets' }).click();
  await page.getByRole('alert').getByText('InvalidRequestException').waitFor();
  await visit(page, `${mine.console}/jobs/update-firmware`);
  await page.getByRole('button', { name: 'Add targets' }).click();
  await page.getByRole('button', { name: '+ pump-2' }).click();
  await page.getByRole('button', { name: 'Add the targets' }).click();
  await page.getByText('The targets are added.').waitFor();
  await page.getByRole('link', { name: 'thing/pump-2' }).waitFor();
  assert.deepEqual((await mine.call('GET', '/jobs/update-firmware')).job.targets, [mine.arn('thing/pump-1'), mine.arn('thing/pump-2')]);
});

test('cancel an execution and delete it', async () => {
  await mine.createThing('pump-1');
  await mine.createJob('update-firmware', ['thing/pump-1']);
  await mine.device('PUT', '/things/pump-1/jobs/$next', {});
  const page = await browser.open(`${mine.console}/jobs/update-firmware`);
  await page.getByRole('button', { name: 'Open execution 1 of pump-1' }).click();
  await page.getByRole('heading', { name: 'Execution 1 of pump-1' }).waitFor();
  await page.getByRole('button', { name: 'As the device gets it' }).click();
  await page.locator('pre', { hasText: '"jobDocument"' }).waitFor();
  await page.getByRole('button', { name: 'Cancel execution…' }).click();
  await page.getByRole('button', { name: 'Cancel execution: confirm' }).click();
  await page.getByRole('alert').getByText('InvalidStateTransitionException').waitFor();
  await page.getByLabel('Expected version').fill('7');
  await page.getByRole('button', { name: 'Cancel execution…' }).click();
  await page.getByLabel('force: while it is IN_PROGRESS, too').check();
  await page.getByRole('button', { name: 'Cancel execution: confirm' }).click();
  await page.getByRole('alert').getByText('VersionConflictException').waitFor();
  await page.getByLabel('Expected version').fill('2');
  await page.getByLabel('Status details', { exact: false }).fill('by=console');
  await page.getByRole('button', { name: 'Cancel execution…' }).click();
  await page.getByLabel('force: while it is IN_PROGRESS, too').check();
  await page.getByRole('button', { name: 'Cancel execution: confirm' }).click();
  await page.getByText('The execution is canceled.').waitFor();
  await page.locator('dl .status-canceled').waitFor();
  await screenshot(page, 'execution');
  await page.getByRole('button', { name: 'Delete execution…' }).click();
  await page.getByRole('button', { name: 'Delete execution: confirm' }).click();
  await page.getByText('There is no such execution any more.').waitFor();
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('heading', { name: 'Execution 1 of pump-1' }).waitFor({ state: 'detached' });
});

test('a fault with every member is added, edited and removed', async () => {
  const page = await browser.open(`${mine.console}/faults`);
  await page.getByLabel('Operation, or *').fill('UpdateJobExecution');
  await page.getByLabel('Error').selectOption('any');
  await page.getByLabel('HTTP status').fill('503');
  await page.getByLabel('Code').fill('Odd');
  await page.getByLabel('Message').fill('Something odd');
  await page.getByLabel('Delay').fill('1ms');
  await page.getByLabel('Thing (*').fill('pump-*');
  await page.getByLabel('Job (*').fill('update-*');
  await page.getByLabel('Transport').selectOption('http');
  await page.getByLabel('Service').selectOption('iot-jobs-data');
  await page.getByLabel('Times').fill('2');
  await page.getByLabel('After so many').fill('1');
  await page.getByLabel('Probability, 0 to 1').fill('0.5');
  await page.getByLabel('Seed').fill('7');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('cell', { name: 'error Odd with HTTP 503, “Something odd”, delay 1ms, 2 times, after 1, with probability 0.5 (seed 7)' }).waitFor();
  const [{ id, struck, ...rule }] = (await mine.call('GET', '/_emulator/faults')).faults;
  assert.deepEqual(rule, {
    operation: 'UpdateJobExecution', service: 'iot-jobs-data', account: mine.id, region: 'us-west-2', thing: 'pump-*', jobId: 'update-*', transport: 'http',
    times: 2, after: 1, probability: 0.5, seed: 7, error: { statusCode: 503, code: 'Odd', message: 'Something odd' }, delay: '1ms',
  });
  assert.equal(struck, 0);
  await page.getByRole('button', { name: `Edit fault ${id}` }).click();
  await page.getByRole('button', { name: `Replace fault ${id}` }).waitFor(); // the form has the rule by now
  await page.getByLabel('Probability, 0 to 1').fill('2');
  await page.getByRole('button', { name: `Replace fault ${id}` }).click();
  await page.getByRole('alert').getByText('probability', { exact: false }).waitFor();
  await page.getByLabel('Probability, 0 to 1').fill('');
  await page.getByLabel('Seed').fill('');
  await page.getByRole('button', { name: `Replace fault ${id}` }).click();
  await page.getByText('Replaced.', { exact: false }).waitFor();
  await page.getByRole('cell', { name: 'error Odd with HTTP 503, “Something odd”, delay 1ms, 2 times, after 1', exact: true }).waitFor();
  await screenshot(page, 'fault-edited');
  await page.getByRole('button', { name: 'Remove all…' }).click();
  await page.getByRole('button', { name: 'Remove all: confirm' }).click();
  await page.getByText('There are no faults').waitFor();

  await page.getByLabel('Kind').selectOption('notification');
  await page.getByLabel('Notification:', { exact: false }).fill('notify-next');
  await page.getByLabel('Lost').selectOption('before');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('cell', { name: 'notification notify-next' }).waitFor();
});

test('events come in, are filtered by type, rest while they are paused, and lead to the job', async () => {
  const page = await browser.open(`${mine.console}/events`);
  await page.getByText('everything is as at the start').waitFor(); // by the reset before the story
  await mine.createThing('pump-1');
  await mine.createJob('one', ['thing/pump-1']);
  await page.locator('.timeline li', { hasText: 'execution' }).first().waitFor();
  await page.getByRole('group', { name: 'Types' }).getByRole('button', { name: 'job', exact: true }).click();
  await page.locator('.timeline .kind', { hasText: /^(?!job$)/ }).first().waitFor({ state: 'detached' });
  await page.getByRole('link', { name: 'one' }).first().waitFor();
  await screenshot(page, 'events');
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByRole('button', { name: 'Paused' }).waitFor();
  await mine.createJob('two', ['thing/pump-1']);
  const other = await browser.open(`${mine.console}/events?type=job`);
  await other.getByRole('link', { name: 'two' }).first().waitFor();
  assert.equal(await page.getByRole('link', { name: 'two' }).count(), 0);
  await page.getByRole('button', { name: 'Paused' }).click();
  await page.getByRole('link', { name: 'two' }).first().click();
  await page.getByRole('heading', { name: 'two' }).waitFor();
});

test('what went over MQTT is shown byte for byte', async () => {
  const signed = { Authorization: `AWS4-HMAC-SHA256 Credential=${mine.id}/20260101/us-west-2/iotdata/aws4_request, SignedHeaders=host, Signature=0` };
  await fetch(`${url}/topics/bytes`, { method: 'POST', headers: signed, body: new Uint8Array([0xff, 0x00, 0x41]) });
  const page = await browser.open(`${mine.console}/messages?topic=bytes`);
  await page.locator('.timeline summary').click();
  await page.getByText('00000000  ff 00 41', { exact: false }).waitFor();
  await page.getByText('3 bytes').waitFor();
  await page.getByRole('button', { name: 'Raw' }).click();
  await page.locator('pre.hex[aria-label="Payload, 3 bytes"]').waitFor();
  await screenshot(page, 'message-hex');

  await mine.createThing('pump-1');
  await mine.createJob('update-firmware', ['thing/pump-1']);
  await visit(page, `${mine.console}/things/pump-1`);
  const told = page.locator('.timeline li', { hasText: 'jobs/notify-next' }).first();
  await told.locator('summary').click();
  await told.getByRole('button', { name: 'Text' }).click();
  const { messages } = await mine.call('GET', '/_emulator/messages?thing=pump-1&include=bytes');
  const bytes = messages.find(({ topic }) => topic.endsWith('notify-next')).bytes;
  await told.locator('pre', { hasText: '"execution"' }).waitFor();
  assert.equal(await told.locator('pre').textContent(), Buffer.from(bytes, 'base64').toString());
  await told.getByRole('button', { name: 'Hex' }).click();
  await told.getByText('00000000  7b', { exact: false }).waitFor();
});

test('a long advance is seen by every page, and any of them stops it', async () => {
  await mine.call('PUT', '/_emulator/clock', { frozen: true });
  await mine.createThing('pump-1');
  await mine.createJob('in-windows', ['thing/pump-1'], {
    targetSelection: 'CONTINUOUS',
    schedulingConfig: { maintenanceWindows: [{ startTime: 'cron(0/5 * * * ? *)', durationInMinutes: 1 }] },
  });
  const [one, two] = [await browser.open(`${mine.console}/clock`), await browser.open(`${mine.console}/clock`)];
  await one.getByLabel('Advance by').fill('30000d');
  await one.getByRole('button', { name: 'Advance', exact: true }).click();
  await two.getByRole('progressbar').waitFor();
  await screenshot(two, 'clock-advancing');
  await two.getByRole('button', { name: 'Stop here' }).click();
  await one.getByText('Stopped at', { exact: false }).waitFor();
  await two.getByRole('button', { name: '+ 10 min' }).waitFor();
  assert.equal(await two.getByText('Stopped at', { exact: false }).count(), 0);
});

test('with the keyboard alone: create a thing and a job, play the device, cancel nothing by mistake', async () => {
  const page = await browser.open(`${mine.console}/things`);
  // A page that has just been entered moves the focus to its heading: what is pressed meanwhile goes astray, and is pressed again.
  const press = async locator => {
    await locator.waitFor();
    do {
      await tabTo(page, locator);
      await locator.evaluate(wanted => addEventListener('keydown', ({ target }) => { window.hasArrived = target === wanted; }, { capture: true, once: true }));
      await page.keyboard.press('Enter');
    } while (!await page.evaluate(() => window.hasArrived));
  };
  const type = async (locator, text) => {
    await locator.waitFor();
    do {
      await tabTo(page, locator);
      await page.keyboard.press('Control+A');
      await page.keyboard.type(text);
    } while (await locator.inputValue() !== text);
  };
  await type(page.getByLabel('New thing'), 'pump-1');
  await page.keyboard.press('Enter');
  await press(page.getByRole('link', { name: 'pump-1' }));
  await press(page.getByRole('link', { name: 'Create a job for it' }));
  await type(page.getByLabel('Job id'), 'update-firmware');
  await press(page.getByRole('button', { name: 'Create', exact: true }));
  await page.getByRole('heading', { name: 'update-firmware' }).waitFor();
  await press(page.getByRole('button', { name: 'Cancel…' }));
  await page.locator('button:focus', { hasText: 'Cancel: confirm' }).waitFor();
  await press(page.getByRole('button', { name: 'Keep' }));
  await press(page.getByRole('button', { name: 'Open execution 1 of pump-1' }));
  await page.locator('h3:focus', { hasText: 'Execution 1 of pump-1' }).waitFor();
  await press(page.getByRole('heading', { name: 'Execution 1 of pump-1' }).getByRole('link'));
  await press(page.getByRole('button', { name: 'Start next' }));
  await page.getByText('200: accepted').waitFor();
  await press(page.getByRole('button', { name: 'Update', exact: true }));
  await page.locator('.timeline .status-succeeded').waitFor();
  const { execution } = await mine.call('GET', '/things/pump-1/jobs/update-firmware');
  assert.equal(execution.status, 'SUCCEEDED');
});
