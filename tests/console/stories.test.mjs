import assert from 'node:assert/strict';
import { after, afterEach, before, beforeEach, test } from 'node:test';
import { launch, screenshot, visit } from './lib/browser.mjs';
import { Account, reset } from './lib/emulator.mjs';

const fleet = Number(process.env.FLEET ?? 10_000);
const mine = new Account('111122223333'), other = new Account('444455556666');
let browser;

before(async () => { browser = await launch(); });
beforeEach(async () => {
  await reset();
  const { snapshots } = await mine.call('GET', '/_emulator/snapshots');
  for (const { name } of snapshots) await mine.call('DELETE', `/_emulator/snapshots/${name}`);
});
afterEach(() => assert.deepEqual(browser.problems.splice(0), []));
after(() => browser.close());

test('create a thing and a job, play the device, see the job complete', async () => {
  const page = await browser.open(`${mine.console}/things`);
  await page.getByLabel('New thing').fill('pump-1');
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('link', { name: 'pump-1' }).click();
  await page.getByRole('link', { name: 'Create a job for it' }).click();
  await page.getByLabel('Job id').fill('update-firmware');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('heading', { name: 'update-firmware' }).waitFor();
  await page.getByText('QUEUED 1', { exact: false }).first().waitFor();

  await page.getByRole('link', { name: 'thing/pump-1' }).click();
  await page.getByRole('button', { name: 'Start next' }).click();
  await page.getByText('200: accepted').waitFor();
  await page.locator('ol .status-in_progress').first().waitFor();
  await page.getByLabel('Status details').fill('step = installed\nversion=2.0');
  await page.getByRole('button', { name: 'Update', exact: true }).click();
  await page.locator('.timeline .status-succeeded').waitFor();
  await screenshot(page, 'thing');

  await visit(page, `${mine.console}/jobs/update-firmware`);
  await page.locator('.head .status-completed').waitFor();
  const execution = await mine.call('GET', '/things/pump-1/jobs/update-firmware');
  assert.deepEqual(execution.execution.statusDetails.detailsMap, { step: 'installed', version: '2.0' });
  await screenshot(page, 'job');
});

test('an open page follows what others do', async () => {
  await mine.createThing('pump-1');
  const page = await browser.open(`${mine.console}/jobs`);
  await page.getByText('There are no jobs').waitFor();
  await mine.createJob('update-firmware', ['thing/pump-1']);
  await page.getByRole('link', { name: 'update-firmware' }).click();
  await page.getByText('QUEUED 1', { exact: false }).first().waitFor();
  await mine.device('PUT', '/things/pump-1/jobs/$next', {});
  await page.getByText('IN_PROGRESS 1', { exact: false }).first().waitFor();
  await reset();
  await page.getByText('There is no job update-firmware').waitFor();
  await mine.createThing('pump-1');
  await mine.createJob('update-firmware', ['thing/pump-1']);
  await page.getByText('QUEUED 1', { exact: false }).first().waitFor();
});

test('what the API refuses is shown as it answers', async () => {
  const page = await browser.open(`${mine.console}/create-job`);
  await page.getByLabel('Job id').fill('no spaces');
  await page.getByRole('button', { name: 'Create', exact: true }).click();
  const refusal = page.getByRole('alert');
  await refusal.getByText('InvalidRequestException').waitFor();
  assert.match(await refusal.textContent(), /jobId/);
});

test('advance the clock: a timer ends, and the clock page tells so', async () => {
  await mine.createThing('pump-1');
  await mine.createJob('update-firmware', ['thing/pump-1'], { timeoutConfig: { inProgressTimeoutInMinutes: 5 } });
  await mine.device('PUT', '/things/pump-1/jobs/$next', {});
  const page = await browser.open(`${mine.console}/clock`);
  await page.getByText('The in-progress timer ends: TIMED_OUT').waitFor();
  await page.getByRole('button', { name: '+ 10 min' }).click();
  await page.getByText('Executions: IN_PROGRESS −1, TIMED_OUT +1.').waitFor();
  await page.getByText('Jobs: IN_PROGRESS −1, COMPLETED +1.').waitFor();
  await page.getByText('Nothing is due').waitFor();
  await page.getByRole('button', { name: 'Freeze' }).click();
  await page.getByRole('button', { name: 'Let it run' }).waitFor();
  await screenshot(page, 'clock');
});

test('break something by a fault and see it in the timeline and among the requests', async () => {
  await mine.createThing('pump-1');
  await mine.createJob('update-firmware', ['thing/pump-1']);
  let page = await browser.open(`${mine.console}/faults`);
  await page.getByLabel('Operation, or *').fill('StartNextPendingJobExecution');
  await page.getByLabel('Times').fill('1');
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await page.getByRole('cell', { name: 'StartNextPendingJobExecution' }).waitFor();
  await screenshot(page, 'faults');

  await visit(page, `${mine.console}/things/pump-1`);
  await page.getByRole('button', { name: 'Start next' }).click();
  await page.getByRole('alert').getByText('ThrottlingException').waitFor();
  await page.locator('.timeline').getByText('fault 1 struck', { exact: false }).waitFor();
  await page.getByRole('button', { name: 'Start next' }).click();
  await page.getByText('200: accepted').waitFor();

  await visit(page, `${mine.console}/requests?status=errors`);
  const entry = page.locator('summary', { hasText: 'StartNextPendingJobExecution' });
  await entry.click();
  await page.getByRole('button', { name: 'Copy as AWS CLI' }).waitFor();
  await screenshot(page, 'requests');
});

test('take a snapshot, break the world, and restore it: an open page goes back, too', async () => {
  await mine.createThing('pump-1');
  await mine.createJob('update-firmware', ['thing/pump-1']);
  const page = await browser.open(`${mine.console}/snapshots`);
  await page.getByLabel('Name').fill('one job');
  await page.getByRole('button', { name: 'Take', exact: true }).click();
  await page.getByRole('alert').getByText('InvalidRequestException').waitFor();
  await page.getByLabel('Name').fill('one-job');
  await page.getByRole('button', { name: 'Take', exact: true }).click();
  await page.getByRole('cell', { name: 'one-job', exact: true }).waitFor();
  await screenshot(page, 'snapshots');

  const job = await browser.open(`${mine.console}/jobs/update-firmware`);
  await job.getByText('QUEUED 1', { exact: false }).first().waitFor();
  await mine.device('POST', '/things/pump-1/jobs/update-firmware', { status: 'FAILED' });
  await job.locator('.head .status-completed').waitFor();
  await page.getByRole('button', { name: 'Restore… one-job' }).click();
  await page.getByRole('button', { name: 'Restore: confirm' }).click();
  await page.getByText('Everything is as it was in one-job.').waitFor();
  await job.locator('.head .status-in_progress').waitFor();
  await job.getByText('QUEUED 1', { exact: false }).first().waitFor();

  await page.getByRole('button', { name: 'Remove… one-job' }).click();
  await page.locator('button:focus', { hasText: 'Remove: confirm' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByText('There are no snapshots').waitFor();
});

test('put a simulator, seed its things and a job, and see it play them', async () => {
  const page = await browser.open(`${mine.console}/simulators`);
  await page.getByLabel('Name').fill('pumps');
  await page.getByLabel('Definition (JSON)').fill('{"things": "pump-*", "what": 1}');
  await page.getByRole('button', { name: 'Put' }).click();
  await page.getByRole('alert').waitFor();
  await page.getByLabel('Definition (JSON)').fill('{"things": "pump-*", "picksUp": "1m", "takes": {"from": "1m", "to": "1m"}}');
  await page.getByRole('button', { name: 'Put' }).click();
  await page.getByRole('cell', { name: 'pump-*' }).waitFor();
  await page.getByRole('button', { name: 'Edit pumps' }).click();
  assert.match(await page.getByLabel('Definition (JSON)').inputValue(), /"things": "pump-\*"/);

  await page.getByRole('link', { name: 'Seeds' }).click();
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByText('The seed has run: 5 calls.').waitFor();
  await page.getByRole('cell', { name: 'called 3 times' }).waitFor();
  await page.getByRole('button', { name: 'Run' }).click();
  await page.getByRole('alert').getByText('update-firmware', { exact: false }).waitFor();
  await screenshot(page, 'seeds');

  await page.getByRole('link', { name: 'Simulators' }).click();
  await page.locator('tbody .number', { hasText: '1' }).waitFor();
  await mine.call('POST', '/_emulator/clock/advance', { by: '5m' });
  await page.locator('tbody .number', { hasText: '0' }).waitFor();
  await visit(page, `${mine.console}/jobs/update-firmware`);
  await page.locator('.head .status-completed').waitFor();
});

test('cancel a job, with the question before it', async () => {
  await mine.createThing('pump-1');
  await mine.createJob('update-firmware', ['thing/pump-1']);
  const page = await browser.open(`${mine.console}/jobs/update-firmware`);
  await page.getByRole('button', { name: 'Cancel…' }).click();
  await page.locator('button:focus', { hasText: 'Cancel: confirm' }).waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.head .status-canceled').waitFor();
  await page.getByText('The job is canceled.').waitFor();
});

test('messages come in, are filtered by topic, and one is published', async () => {
  const page = await browser.open(`${mine.console}/messages?topic=${encodeURIComponent('pumps/#')}`);
  await page.getByText('Publish a message').click();
  await page.getByLabel('Topic', { exact: true }).fill('pumps/pump-1/pressure');
  await page.getByLabel('Payload').fill('{"bar": 2.1}');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.locator('.timeline').getByText('pumps/pump-1/pressure').waitFor();
  await mine.createThing('pump-1');
  await mine.createJob('update-firmware', ['thing/pump-1']);
  await mine.call('POST', '/topics/pumps/pump-1/speed', { rpm: 900 }, 'iotdata');
  await page.locator('.timeline').getByText('pumps/pump-1/speed').waitFor(); // later than what the service has told of the job
  assert.equal(await page.locator('.timeline > li').count(), 2);
  await screenshot(page, 'messages');
});

test('two browsers on two accounts see nothing of each other', async () => {
  await mine.createThing('pump-1');
  await mine.createJob('of-mine', ['thing/pump-1']);
  await other.createThing('pump-2');
  await other.createJob('of-the-other', ['thing/pump-2']);
  const [one, two] = [await browser.open(`${mine.console}/jobs`), await browser.open(`${other.console}/jobs`)];
  await one.getByRole('link', { name: 'of-mine' }).waitFor();
  await two.getByRole('link', { name: 'of-the-other' }).waitFor();
  assert.equal(await one.getByText('of-the-other').count(), 0);
  assert.equal(await two.getByText('of-mine').count(), 0);
  for (const section of ['things', 'requests', 'messages']) {
    await visit(one, `${mine.console}/${section}`);
    await one.getByText(section === 'things' ? 'pump-1' : section === 'requests' ? 'CreateThing' : '$aws/things/pump-1', { exact: false }).first().waitFor();
    assert.equal(await one.getByText('pump-2', { exact: false }).count(), 0, section);
  }
  await one.getByLabel('Account and region').selectOption({ label: `${other.id} · us-west-2` });
  await one.waitForURL(`${other.console}/messages`);
});

test(`a fleet of ${fleet}: the list scrolls, and follows`, async () => {
  await mine.call('PATCH', '/_emulator/settings', { rollout: 'immediate' });
  await mine.createFleet(fleet);
  const last = Array.from({ length: fleet }, (_, place) => `pump-${place + 1}`).sort().at(-1);
  const page = await browser.open(`${mine.console}/things`);
  await page.getByRole('link', { name: 'pump-1', exact: true }).waitFor();
  assert.ok(await page.locator('tbody tr').count() < 100, 'only what is seen is rendered');
  await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
  await page.getByRole('link', { name: last, exact: true }).waitFor();

  await visit(page, `${mine.console}/jobs`);
  await mine.createJob('update-firmware', ['thinggroup/fleet']);
  await page.getByRole('link', { name: 'update-firmware' }).click();
  await page.locator('table[aria-rowcount="' + (fleet + 1) + '"]').waitFor();
  await mine.device('POST', '/things/pump-1/jobs/update-firmware', { status: 'SUCCEEDED' });
  await page.getByText('SUCCEEDED 1', { exact: false }).first().waitFor();
  await page.getByRole('combobox', { name: 'Status' }).selectOption('SUCCEEDED');
  await page.getByRole('link', { name: 'pump-1', exact: true }).waitFor();
  await screenshot(page, 'fleet');
});
