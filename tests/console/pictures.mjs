// Makes the pictures of docs/console.md anew, from the same state each time: tests/console/run pictures
import { join } from 'node:path';
import { isLive, launch } from './lib/browser.mjs';
import { Account, reset } from './lib/emulator.mjs';

const account = new Account('123456789012');
const docs = join(import.meta.dirname, '..', '..', 'docs');
const size = { width: 1120, height: 800 };

await reset();
await account.call('PUT', '/_emulator/clock', { now: '2026-03-02T08:00:00Z', frozen: true });
await account.call('POST', '/thing-groups/pumps', {});
for (let number = 1; number <= 120; number++) {
  const thingName = `pump-${String(number).padStart(3, '0')}`;
  await account.createThing(thingName);
  await account.call('PUT', '/thing-groups/addThingToThingGroup', { thingName, thingGroupName: 'pumps' });
}
await account.createJob('update-firmware', ['thinggroup/pumps'], {
  description: 'Firmware 2.0 for all pumps',
  document: '{"operation":"update","version":"2.0","files":["pump.bin"]}',
  jobExecutionsRolloutConfig: { maximumPerMinute: 40, exponentialRate: { baseRatePerMinute: 10, incrementFactor: 1.5, rateIncreaseCriteria: { numberOfSucceededThings: 10 } } },
  timeoutConfig: { inProgressTimeoutInMinutes: 30 },
  abortConfig: { criteriaList: [{ failureType: 'ALL', action: 'CANCEL', thresholdPercentage: 30, minNumberOfExecutedThings: 10 }] },
  jobExecutionsRetryConfig: { criteriaList: [{ failureType: 'FAILED', numberOfRetries: 1 }] },
});
await account.call('POST', '/_emulator/faults', { operation: 'UpdateJobExecution', error: 'ThrottlingException', thing: 'pump-005', times: 1 });
for (let step = 0; step < 20; step++) {
  const { executionSummaries } = await account.call('GET', '/jobs/update-firmware/things?maxResults=250');
  for (const { thingArn, jobExecutionSummary: { status, executionNumber } } of executionSummaries) {
    const thing = thingArn.split('/')[1], number = Number(thing.slice('pump-'.length));
    if (number % 3 !== step % 3) continue;
    if (status === 'QUEUED')
      await account.device('PUT', `/things/${thing}/jobs/$next`, { statusDetails: { step: 'download' } });
    else if (status === 'IN_PROGRESS' && number % 17)
      await account.device('POST', `/things/${thing}/jobs/update-firmware`, number % 12 === 5 && executionNumber === 1
        ? { status: 'FAILED', statusDetails: { step: 'install', reason: 'checksum' } }
        : { status: 'SUCCEEDED', statusDetails: { step: 'installed', version: '2.0' } }).catch(() => {}); // what the fault strikes is sent again
  }
  await account.call('POST', '/_emulator/clock/advance', { by: '15s' });
}

const browser = await launch();
for (const [name, path, colorScheme] of [['console-job', 'jobs/update-firmware', 'light'], ['console-thing', 'things/pump-005', 'dark']]) {
  const page = await browser.open(`${account.console}/${path}`, { colorScheme, ...size });
  await page.locator('.legend li, .timeline > li').first().waitFor(); // what fills itself after the first render
  await page.screenshot({ path: join(docs, `${name}.png`) });
}
await browser.close();
