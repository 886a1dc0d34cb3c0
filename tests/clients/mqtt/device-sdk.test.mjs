// The AWS IoT Device SDK v2, with the builders that its documentation shows, with the bare clients under them and with its own client
// for Jobs; and the older SDK.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { after, test } from 'node:test';
import { ca, caFile, call, certificate, eventually, http, inbox, key, loop, missed, newThing, ports } from './devices.mjs';

const require = createRequire(import.meta.url);
const { auth, io, iot, iotjobs, mqtt, mqtt5 } = require('aws-iot-device-sdk-v2');

const credentials = () => auth.AwsCredentialsProvider.newStatic('any', 'any');
function trusting() {
  const options = new io.TlsContextOptions();
  options.override_default_trust_store_from_path(undefined, caFile);
  return options;
}

after(() => setTimeout(() => process.exit(), 500).unref()); // the SDK's native threads may stay

/** The builders know no connection without TLS. */
const without = (property, config) => {
  config[property] = undefined;
  return config;
};

// MQTT 3.1.1

const builders311 = {
  mTLS: () => iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder_from_path(certificate, key).with_certificate_authority_from_path(undefined, caFile).with_port(ports.mqtts),
  websockets: () => iot.AwsIotMqttConnectionConfigBuilder.new_with_websockets({ region: 'us-east-1', credentials_provider: credentials() }).with_certificate_authority_from_path(undefined, caFile),
};
const bare311 = (more) => ({ keep_alive: 60, ping_timeout: 3000, socket_options: new io.SocketOptions(), host_name: 'localhost', ...more });
const transports311 = {
  mTLS: () => builders311.mTLS().with_endpoint('localhost').build(),
  'plain TCP': () => without('tls_ctx', builders311.mTLS().with_endpoint('localhost').with_port(ports.mqtt).build()),
  'a signed WebSocket': () => without('tls_ctx', builders311.websockets().with_endpoint('localhost').with_port(Number(http.port)).build()),
  'a signed secure WebSocket': () => builders311.websockets().with_endpoint('localhost').with_port(ports.https).build(),
  'TLS, bare': () => bare311({ port: ports.mqtts, tls_ctx: new io.ClientTlsContext(trusting()) }),
  'plain TCP, bare': () => bare311({ port: ports.mqtt }),
  'an unsigned WebSocket, bare': () => bare311({ port: Number(http.port), use_websocket: true }),
  'an unsigned secure WebSocket, bare': () => bare311({ port: ports.https, use_websocket: true, tls_ctx: new io.ClientTlsContext(trusting()) }),
};

async function connect311(config, client_id, { will } = {}) {
  const connection = new mqtt.MqttClient().new_connection({
    ...config, client_id, clean_session: false, will: will && new mqtt.MqttWill(will.topic, mqtt.QoS.AtLeastOnce, will.payload),
  });
  const box = inbox();
  connection.on('message', (on, payload) => box.put(on, payload));
  connection.on('error', () => {});
  const gone = new Promise((heard) => connection.once('interrupt', heard));
  await connection.connect();
  return {
    box,
    gone,
    subscribe: (topic) => connection.subscribe(topic, mqtt.QoS.AtLeastOnce),
    publish: (topic, payload, retain = false) => connection.publish(topic, payload, mqtt.QoS.AtLeastOnce, retain),
    end: () => connection.disconnect(),
  };
}

// MQTT 5

const Builder5 = iot.AwsIotMqtt5ClientConfigBuilder;
const mTLS5 = () => Builder5.newDirectMqttBuilderWithMtlsFromPath('localhost', certificate, key).withCertificateAuthorityFromPath(undefined, caFile);
const websocket5 = () => Builder5.newWebsocketMqttBuilderWithSigv4Auth('localhost', { region: 'us-east-1', credentialsProvider: credentials() }).withCertificateAuthorityFromPath(undefined, caFile);
const bare5 = (more) => ({ hostName: 'localhost', connectProperties: { keepAliveIntervalSeconds: 60 }, ...more });
const unsigned = { websocketHandshakeTransform: async (request, done) => done() };
const transports5 = {
  mTLS: () => mTLS5().withPort(ports.mqtts).build(),
  'plain TCP': () => without('tlsCtx', mTLS5().withPort(ports.mqtt).build()),
  'a signed WebSocket': () => without('tlsCtx', websocket5().withPort(Number(http.port)).build()),
  'a signed secure WebSocket': () => websocket5().withPort(ports.https).build(),
  'TLS, bare': () => bare5({ port: ports.mqtts, tlsCtx: new io.ClientTlsContext(trusting()) }),
  'plain TCP, bare': () => bare5({ port: ports.mqtt }),
  'an unsigned WebSocket, bare': () => bare5({ port: Number(http.port), ...unsigned }),
  'an unsigned secure WebSocket, bare': () => bare5({ port: ports.https, ...unsigned, tlsCtx: new io.ClientTlsContext(trusting()) }),
};

async function started(config) {
  const client = new mqtt5.Mqtt5Client(config);
  const connected = new Promise((ok, no) => client.once('connectionSuccess', ok).once('connectionFailure', (event) => no(event.error)));
  client.start();
  await connected;
  return client;
}

async function stopped(client) {
  const end = new Promise((ok) => client.once('stopped', ok));
  client.stop();
  await end;
  client.close();
}

async function connect5(config, clientId, { will, aliases = false } = {}) {
  const qos = mqtt5.QoS.AtLeastOnce;
  const box = inbox();
  const client = await started({
    ...config,
    sessionBehavior: mqtt5.ClientSessionBehavior.RejoinAlways,
    topicAliasingOptions: aliases ? { inboundBehavior: mqtt5.InboundTopicAliasBehaviorType.Enabled, outboundBehavior: mqtt5.OutboundTopicAliasBehaviorType.LRU } : undefined,
    connectProperties: { ...config.connectProperties, clientId, sessionExpiryIntervalSeconds: 600, will: will && { topicName: will.topic, payload: will.payload, qos } },
  });
  client.on('messageReceived', ({ message }) => box.put(message.topicName, message.payload));
  return {
    box,
    gone: new Promise((heard) => client.once('disconnection', ({ disconnect }) => heard(disconnect?.reasonCode))),
    subscribe: (topicFilter) => client.subscribe({ subscriptions: [{ topicFilter, qos }] }),
    publish: (topicName, payload, retain = false) => client.publish({ topicName, payload: JSON.stringify(payload), qos, retain }),
    end: () => stopped(client),
  };
}

for (const [version, connect, transports] of [['3.1.1', connect311, transports311], ['5', connect5, transports5]]) {
  for (const [transport, config] of Object.entries(transports)) {
    test(`device SDK v2, MQTT ${version} over ${transport}: a device takes a job and finishes it`, async () => {
      const thing = await newThing();
      const device = await connect(config(), thing.name);
      await loop(thing, device);
      await device.end();
    });
  }

  test(`device SDK v2, MQTT ${version}: a session that lasts gets what it missed`, () => missed((id) => connect(transports['plain TCP'](), id)));

  test(`device SDK v2, MQTT ${version}: a second client of the same id takes over, and the will of the first is heard`, async () => {
    const thing = await newThing();
    const listener = await connect(transports.mTLS(), `${thing.name}-listener`);
    await listener.subscribe(`wills/${thing.name}`);
    const first = await connect(transports.mTLS(), thing.name, { will: { topic: `wills/${thing.name}`, payload: '{"gone":true}' } });
    const second = await connect(transports['plain TCP'](), thing.name);
    const reason = await first.gone;
    if (version === '5') assert.equal(reason, mqtt5.DisconnectReasonCode.SessionTakenOver);
    await first.end(); // or it would come back and take over itself
    assert.deepEqual(await listener.box.next(`wills/${thing.name}`), { gone: true });
    await second.end();
    await listener.end();
  });

  test(`device SDK v2, MQTT ${version}: who subscribes later hears what is retained`, async () => {
    const topic = `plant/${(await newThing()).name}`;
    const device = await connect(transports.mTLS(), topic.slice(6));
    await device.publish(topic, { level: 7 }, true);
    await device.subscribe(topic);
    assert.deepEqual(await device.box.next(topic), { level: 7 });
    await device.end();
  });
}

test('device SDK v2, MQTT 5 with topic aliases in both directions: a device takes a job and finishes it', async () => {
  const thing = await newThing();
  const device = await connect5(transports5['plain TCP'](), thing.name, { aliases: true });
  await loop(thing, device);
  for (let i = 0; i < 3; i++) await device.publish(thing.topic('get'), { clientToken: `${i}` });
  for (let i = 0; i < 3; i++) assert.equal((await device.box.next(thing.topic('get/accepted'))).clientToken, `${i}`);
  await device.end();
});

test('the client for Jobs of the device SDK v2 gets typed answers and refusals', async () => {
  const thing = await newThing();
  const client = await started(transports5.mTLS());
  const jobs = iotjobs.IotJobsClientv2.newFromMqtt5(client, { maxRequestResponseSubscriptions: 4, maxStreamingSubscriptions: 2, operationTimeoutInSeconds: 10 });
  const jobId = await thing.job();
  const pending = await jobs.getPendingJobExecutions({ thingName: thing.name });
  assert.deepEqual(pending.queuedJobs.map((job) => job.jobId), [jobId]);
  const { execution } = await jobs.startNextPendingJobExecution({ thingName: thing.name });
  assert.equal(execution.status, 'IN_PROGRESS');
  const described = await jobs.describeJobExecution({ thingName: thing.name, jobId });
  assert.deepEqual(described.execution.jobDocument, { operation: 'install', version: 2 });
  const refused = (code) => (refusal) => refusal.modeledError?.code === code;
  await assert.rejects(jobs.updateJobExecution({ thingName: thing.name, jobId, status: 'SUCCEEDED', expectedVersion: 7 }), refused('VersionMismatch'));
  await jobs.updateJobExecution({ thingName: thing.name, jobId, status: 'SUCCEEDED', expectedVersion: 2 });
  await assert.rejects(jobs.updateJobExecution({ thingName: thing.name, jobId, status: 'FAILED' }), refused('InvalidStateTransition'));
  await assert.rejects(jobs.describeJobExecution({ thingName: thing.name, jobId }), refused('TerminalStateReached'));
  jobs.close();
  await stopped(client);
});

const older = {
  mTLS: { keyPath: key, certPath: certificate, caPath: caFile, port: ports.mqtts },
  'a signed WebSocket': { protocol: 'wss', port: ports.https, accessKeyId: 'any', secretKey: 'any', region: 'us-east-1', websocketOptions: { ca: readFileSync(caFile) } },
};

for (const [transport, options] of Object.entries(older)) {
  test(`the older device SDK over ${transport}: its jobs class hands a job to its handler, and is told again after it was cut off`, async () => {
    const thing = await newThing();
    const jobs = require('aws-iot-device-sdk').jobs({ ...options, clientId: thing.name, host: 'localhost', ca, baseReconnectTimeMs: 50 });
    await new Promise((ok, no) => jobs.on('connect', ok).on('error', no));
    const given = inboxOfJobs(jobs, thing);
    for (const jobId of [await thing.job(`${thing.name}-1`), `${thing.name}-2`]) {
      if (jobId.endsWith('2')) {
        const back = new Promise((ok) => jobs.once('connect', ok));
        await call('DELETE', `/_emulator/clients/${thing.name}`);
        await back;
        await thing.job(jobId);
        jobs.startJobNotifications(thing.name, () => {}); // asks for the next job, once it has subscribed again
      }
      const job = await given(jobId);
      await new Promise((ok, no) => job.inProgress({ step: '1' }, (error) => (error ? no(error) : ok())));
      await new Promise((ok, no) => job.succeeded({ step: '2' }, (error) => (error ? no(error) : ok())));
      await eventually(`${jobId} is COMPLETED`, async () => (await thing.status(jobId)) === 'COMPLETED');
    }
    await new Promise((ok) => jobs.end(true, ok));
  });
}

/** Gives the job of an id when the SDK has handed it over. */
function inboxOfJobs(jobs, thing) {
  const given = new Map();
  jobs.subscribeToJobs(thing.name, 'install', (error, job) => job && given.set(job.id, job));
  jobs.startJobNotifications(thing.name, () => {});
  return async (jobId) => {
    await eventually(`the SDK hands over ${jobId}`, () => given.has(jobId));
    return given.get(jobId);
  };
}
