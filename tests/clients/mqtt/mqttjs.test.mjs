// MQTT.js in its three versions over all transports; sessions that last, take-over, what is retained, TLS.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import mqtt from 'mqtt';
import { ca, call, eventually, http, inbox, loop, newThing, ports, url } from './devices.mjs';

const transports = {
  'plain TCP': `mqtt://127.0.0.1:${ports.mqtt}`,
  TLS: `mqtts://localhost:${ports.mqtts}`,
  'a WebSocket': `ws://${http.host}/mqtt`,
  'a WebSocket at the root': `ws://${http.host}/`,
  'a secure WebSocket': `wss://localhost:${ports.https}/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256`,
};
const versions = { 3.1: { protocolVersion: 3, protocolId: 'MQIsdp' }, '3.1.1': { protocolVersion: 4 }, 5: { protocolVersion: 5 } };
const connect = (address, options = {}) => mqtt.connectAsync(address, { ca, reconnectPeriod: 0, connectTimeout: 5000, ...options });

function listening(client) {
  const box = inbox();
  client.on('message', (topic, payload) => box.put(topic, payload));
  return { box, subscribe: (topic) => client.subscribeAsync(topic, { qos: 1 }), publish: (topic, payload) => client.publishAsync(topic, JSON.stringify(payload), { qos: 1 }) };
}

for (const [transport, address] of Object.entries(transports)) {
  for (const [version, options] of Object.entries(versions)) {
    test(`MQTT ${version} over ${transport}: a device takes a job and finishes it`, async () => {
      const client = await connect(address, { ...options, clientId: `js-${Date.now()}` });
      await loop(await newThing(), listening(client));
      await client.endAsync();
    });
  }
}

test('a session that lasts gets what it missed', async () => {
  const thing = await newThing();
  const options = { clientId: thing.name, clean: false };
  const before = await connect(transports['plain TCP'], options);
  await before.subscribeAsync(thing.topic('notify-next'), { qos: 1 });
  await before.endAsync();
  const jobId = await thing.job();
  const box = inbox();
  const after = mqtt.connect(transports['plain TCP'], options);
  after.on('message', (topic, payload) => box.put(topic, payload));
  assert.equal((await box.next(thing.topic('notify-next'))).execution.jobId, jobId);
  await after.endAsync();
});

test('a second client of the same id takes over', async () => {
  const options = { clientId: `same-${Date.now()}`, protocolVersion: 5 };
  const first = await connect(transports['plain TCP'], options);
  const gone = new Promise((heard) => first.on('disconnect', heard));
  const second = await connect(transports['a WebSocket'], options);
  assert.equal((await gone).reasonCode, 0x8e);
  await second.endAsync();
});

test('a device is put out over HTTP and comes back', async () => {
  const client = await mqtt.connectAsync(transports['plain TCP'], { clientId: `back-${Date.now()}`, reconnectPeriod: 50 });
  const again = new Promise((heard) => client.once('connect', heard));
  await call('DELETE', `/_emulator/clients/${client.options.clientId}`);
  await again;
  await client.endAsync();
});

test('a test speaks to devices over HTTP, and reads what they say', async () => {
  const topic = `plant/${Date.now()}`;
  const client = await connect(transports['plain TCP']);
  const { box, subscribe, publish } = listening(client);
  await subscribe(`${topic}/#`);
  await fetch(`${url}/topics/${encodeURIComponent(`${topic}/ask`)}?qos=1`, { method: 'POST', body: '{"open":true}' });
  assert.deepEqual(await box.next(`${topic}/ask`), { open: true });
  await publish(`${topic}/answer`, { open: 1 });
  const { messages } = await call('GET', `/_emulator/messages?topic=${topic}/answer&wait=10`);
  assert.deepEqual(messages[0].payload, { open: 1 });
  await client.endAsync();
});

test('whoever does not trust the CA does not connect', async () => {
  await assert.rejects(mqtt.connectAsync(transports.TLS, { reconnectPeriod: 0, connectTimeout: 5000 }), /certificate/i);
});

test('an unasked QoS 2 publish ends the connection, as on AWS', async () => {
  const client = await connect(transports['plain TCP'], { protocolVersion: 5 });
  const gone = new Promise((heard) => client.on('disconnect', heard));
  client.on('error', () => {});
  client.publish('plant/1', 'x', { qos: 2 });
  assert.equal((await gone).reasonCode, 0x9b);
  client.end(true);
  await eventually('it is gone', () => !client.connected);
});
