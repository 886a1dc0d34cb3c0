// Pages whose emulator goes and comes back, and more pages than can be open at once.
import assert from 'node:assert/strict';
import { after, afterEach, before, test } from 'node:test';
import { faultsOf, isLive, launch, screenshot } from './lib/browser.mjs';
import { openCircuit } from './lib/circuits.mjs';
import { Account, reset, url } from './lib/emulator.mjs';
import { start } from './lib/own-emulator.mjs';

let browser;

before(async () => {
  browser = await launch();
  await reset();
});
afterEach(() => assert.deepEqual(browser.problems.splice(0), []));
after(() => browser.close());

test('the emulator is started anew under an open page: it comes back by itself, and shows the new one', { skip: !process.env.EMULATOR_DLL && 'no build' }, async () => {
  let emulator = await start();
  try {
    const mine = new Account('111122223333', emulator.url);
    await mine.createThing('pump-1');
    await mine.createJob('of-the-first', ['thing/pump-1']);
    const page = await browser.open(`${mine.console}/jobs`, { expects: /WebSocket|ERR_|Error|connection|circuit/i });
    await page.getByRole('link', { name: 'of-the-first' }).waitFor();
    await emulator.stop();
    await page.getByText('The emulator does not answer.', { exact: false }).waitFor();
    assert.ok(!await page.getByText('This page has failed').isVisible());
    await screenshot(page, 'emulator-gone');
    emulator = await start(emulator.port);
    await page.getByText('There are no jobs').waitFor();
    await isLive(page);
    await mine.createThing('pump-1');
    await mine.createJob('of-the-second', ['thing/pump-1']);
    await page.getByRole('link', { name: 'of-the-second' }).waitFor();
  } finally {
    await emulator.stop();
  }
});

test('one page more than can be open at once is told so, and opens when another is closed', { timeout: 300_000 }, async () => {
  const mine = new Account('111122223333');
  const circuits = [];
  try {
    for (let { status } = { status: 101 }; status === 101; circuits.length < 200 || assert.fail('no limit')) {
      const circuit = await openCircuit(`${url}/_emulator/console`);
      ({ status } = circuit);
      if (status === 101) circuits.push(circuit);
      else assert.equal(status, 503);
    }
    for (const colorScheme of ['light', 'dark']) {
      const page = await browser.open(`${mine.console}/jobs`, { colorScheme, isConsole: false, width: 360, expects: /503/ });
      await page.getByRole('heading', { name: 'Too many pages are open' }).waitFor();
      assert.deepEqual(await faultsOf(page), []);
      await screenshot(page, `too-many-pages-${colorScheme}`);
      await page.context().close();
    }
    const page = await browser.open(`${mine.console}/jobs`, { isConsole: false, expects: /503/ });
    circuits.pop().close();
    while ((await page.reload()).status() === 503); // until the emulator has seen that it is closed; a place that is lost ends at the limit
    await isLive(page);
  } finally {
    for (const circuit of circuits) circuit.close();
  }
});
