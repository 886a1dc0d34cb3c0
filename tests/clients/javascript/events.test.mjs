// The stream of events as a program reads it with fetch: what happens, in order, and again from where it left off.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { account, emulator, url } from './emulator.mjs';

/** Reads server-sent events; the caller's loop ends the connection. */
async function* events(query, headers = {}) {
  const leaving = new AbortController();
  const answer = await fetch(`${url}/_emulator/events?${query}`, { headers: { accept: 'text/event-stream', ...headers }, signal: leaving.signal });
  assert.equal(answer.headers.get('content-type'), 'text/event-stream');
  try {
    let text = '';
    for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
      text += part;
      for (let end; (end = text.indexOf('\n\n')) >= 0; text = text.slice(end + 2)) {
        const fields = Object.fromEntries(text.slice(0, end).split('\n').map((line) => line.split(/: (.*)/s)));
        if (fields.data) yield { id: fields.id, ...JSON.parse(fields.data) };
      }
    }
  } finally {
    leaving.abort();
  }
}

test('a stream tells the story of a job while it happens, and again after a number', async () => {
  const home = account();
  const { last } = await emulator('GET', '/events?limit=1&type=clock');
  const story = [];
  const told = (async () => {
    for await (const event of events(`account=${home.id}&after=${last}&type=thing,job,execution`)) {
      story.push(event);
      if (event.status === 'COMPLETED') return;
    }
  })();
  await home.things('pump-1');
  await home.job('install', 'thing/pump-1');
  await home.device.startNextPendingJobExecution({ thingName: 'pump-1' });
  await home.device.updateJobExecution({ jobId: 'install', thingName: 'pump-1', status: 'SUCCEEDED', statusDetails: { step: 'done' } });
  await told;
  assert.deepEqual(
    story.map(({ type, change, status }) => [type, change, status].filter(Boolean).join(' ')),
    [
      'thing created', 'execution created QUEUED', 'job created IN_PROGRESS', 'execution updated IN_PROGRESS', 'job updated IN_PROGRESS',
      'execution updated SUCCEEDED', 'job updated COMPLETED',
    ],
  );
  assert.deepEqual(story.at(-2).statusDetails, { step: 'done' });
  assert.ok(story.every(({ id, number }) => id === String(number)));

  for await (const event of events(`account=${home.id}&type=thing,job,execution`, { 'last-event-id': story[4].id })) {
    assert.deepEqual(event, story[5]);
    break;
  }
});

test('a list is waited for', async () => {
  const home = account();
  const waiting = emulator('GET', `/events?account=${home.id}&type=execution&wait=30s`);
  await home.things('pump-1');
  await home.job('install', 'thing/pump-1');
  const { events: told, missed } = await waiting;
  assert.deepEqual([told[0].thing, told[0].status, missed], ['pump-1', 'QUEUED', false]);
});
