// A browser whose pages may ask the emulator only, and whose scripts must not fail.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function launch() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
  const problems = [];

  /** Opens a page; the context has a theme and a size. What `expects` fits may be said to the browser's console. */
  async function open(address, { colorScheme = 'light', width = 1280, height = 900, isConsole = true, expects = /^$/ } = {}) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on('pageerror', error => problems.push(`${page.url()}: ${error}`));
    page.on('console', message => message.type() === 'error' && !expects.test(message.text()) && problems.push(`${page.url()}: ${message.text()}`));
    page.on('request', request => {
      const { protocol, host } = new URL(request.url());
      if (protocol !== 'data:' && protocol !== 'blob:' && host !== new URL(address).host) problems.push(`asked ${request.url()}`);
    });
    await page.goto(address);
    if (isConsole) await isLive(page);
    return page;
  }

  return { open, problems, close: () => browser.close() };
}

/** The page follows the emulator: its circuit has rendered. */
export const isLive = page => page.waitForSelector('header[data-live]');

/** Goes to another address in an open page. What is clicked before the page is live would be lost. */
export async function visit(page, address) {
  await page.goto(address);
  await isLive(page);
}

/** Goes on with the Tab key until something has the focus, as somebody without a mouse does. */
export async function tabTo(page, locator) {
  for (let press = 0; press < 200; press++) {
    if (await locator.evaluateAll(found => found.includes(document.activeElement))) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`the Tab key does not lead to ${locator}`);
}

export const screenshot = (page, name) => page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });

/** What axe finds, in words; and whether the page is wider than its window. */
export async function faultsOf(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return beyond > 0 ? [...faults, `wider than the window by ${beyond}px`] : faults;
}
