// MQTT.js in its three versions over all transports; sessions that last, take-over, wills, what is retained, TLS.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import mqtt from 'mqtt';
import { ca, call, certificate, eventually, http, inbox, key, loop, missed, newThing, ports, url } from './devices.mjs';

const transports = {
  'plain TCP': `mqtt://127.0.0.1:${ports.mqtt}`,
  TLS: `mqtts://localhost:${ports.mqtts}`,
  mTLS: { servers: [{ host: 'localhost', port: ports.mqtts, protocol: 'mqtts' }], cert: readFileSync(certificate), key: readFileSync(key) },
  'a WebSocket': `ws://${http.host}/mqtt`,
  'a WebSocket at the root': `ws://${http.host}/`,
  'a secure WebSocket': `wss://localhost:${ports.https}/mqtt?X-Amz-Algorithm=AWS4-HMAC-SHA256`,
};
const versions = { 3.1: { protocolVersion: 3, protocolId: 'MQIsdp' }, '3.1.1': { protocolVersion: 4 }, 5: { protocolVersion: 5 } };
const connect = (address, options = {}) => mqtt.connectAsync(...at(address, { ca, reconnectPeriod: 0, connectTimeout: 5000, ...options }));
const at = (address, options) => (typeof address === 'string' ? [address, options] : [{ protocol: 'mqtts', ...address, ...options }]);

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

/** A session that lasts, in any version. */
const lasting = (options, clientId) => ({ ...options, clientId, clean: false, ...(options.protocolVersion === 5 && { properties: { sessionExpiryInterval: 600 } }) });

for (const [version, options] of Object.entries(versions)) {
  test(`MQTT ${version}: a session that lasts gets what it missed`, () => missed(async (id) => {
    const client = mqtt.connect(transports['plain TCP'], { reconnectPeriod: 0, ...lasting(options, id) });
    const listener = listening(client); // before the first message can come
    await new Promise((ok, no) => client.once('connect', ok).once('error', no));
    return { ...listener, end: () => client.endAsync() };
  }));

  test(`MQTT ${version}: a second client of the same id takes over, and the will of the first is heard`, async () => {
    const [id, topic] = [`same-${version}-${Date.now()}`, `wills/${version}/${Date.now()}`];
    const witness = await connect(transports['plain TCP'], options);
    const { box, subscribe } = listening(witness);
    await subscribe(topic);
    const first = await connect(transports.TLS, { ...options, clientId: id, will: { topic, payload: '{"gone":true}', qos: 1 } });
    const [closed, told] = [new Promise((heard) => first.once('close', heard)), new Promise((heard) => first.once('disconnect', heard))];
    const second = await connect(transports['a WebSocket'], { ...options, clientId: id });
    await closed;
    if (version === '5') assert.equal((await told).reasonCode, 0x8e);
    assert.deepEqual(await box.next(topic), { gone: true });
    await second.endAsync();
    await witness.endAsync();
  });

  test(`MQTT ${version}: the will of a client that is cut off is retained for who subscribes later`, async () => {
    const topic = `wills/${version}/${Date.now()}`;
    const cutOff = await connect(transports['a secure WebSocket'], { ...options, will: { topic, payload: '{"gone":true}', qos: 1, retain: true } });
    cutOff.on('error', () => {});
    cutOff.stream.destroy();
    const { messages } = await call('GET', `/_emulator/messages?topic=${topic}&wait=10`);
    assert.equal(messages.length, 1);
    const client = await connect(transports['plain TCP'], options);
    const { box, subscribe } = listening(client);
    await subscribe(topic);
    assert.deepEqual(await box.next(topic), { gone: true });
    await client.publishAsync(topic, '', { retain: true });
    await client.endAsync();
  });
}

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
