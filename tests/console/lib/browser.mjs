// A browser whose pages may ask the emulator only, and whose scripts must not fail.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { url } from './emulator.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function launch() {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: ['--no-sandbox'] });
  const problems = [];

  /** Opens a page; the context has a theme and a size. */
  async function open(address, { colorScheme = 'light', width = 1280, height = 900, isConsole = true } = {}) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height } });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    page.on('pageerror', error => problems.push(`${page.url()}: ${error}`));
    page.on('console', message => message.type() === 'error' && problems.push(`${page.url()}: ${message.text()}`));
    page.on('request', request => {
      const { protocol, host } = new URL(request.url());
      if (protocol !== 'data:' && protocol !== 'blob:' && host !== new URL(url).host) problems.push(`asked ${request.url()}`);
    });
    await page.goto(address);
    if (isConsole) await isLive(page);
    return page;
  }

  return { open, problems, close: () => browser.close() };
}

/** The page follows the emulator: its circuit has rendered. */
export const isLive = page => page.waitForSelector('header[data-live]');

export const screenshot = (page, name) => page.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`), fullPage: true });

/** What axe finds, in words; and whether the page is wider than its window. */
export async function faultsOf(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => window.axe.run());
  const faults = violations.map(({ id, nodes }) => `${id}: ${nodes.map(node => node.target.join(' ')).join(', ')}`);
  const beyond = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  return beyond > 0 ? [...faults, `wider than the window by ${beyond}px`] : faults;
}
