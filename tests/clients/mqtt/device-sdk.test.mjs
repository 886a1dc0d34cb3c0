// The AWS IoT Device SDK v2, with the builders that its documentation shows and its own client for Jobs, and the older SDK.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ca, caFile, folder, inbox, loop, newThing, ports } from './devices.mjs';

const require = createRequire(import.meta.url);
const { auth, iot, iotjobs, mqtt, mqtt5 } = require('aws-iot-device-sdk-v2');

// A device's own certificate: any will do.
const [certificate, key] = [join(folder, 'device.pem'), join(folder, 'device.key')];
execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', certificate, '-days', '2', '-subj', '/CN=pump-1'], { stdio: 'ignore' });
const credentials = () => auth.AwsCredentialsProvider.newStatic('any', 'any');

after(() => setTimeout(() => process.exit(), 500).unref()); // the SDK's native threads may stay

const connections311 = {
  mTLS: () => iot.AwsIotMqttConnectionConfigBuilder.new_mtls_builder_from_path(certificate, key).with_certificate_authority_from_path(undefined, caFile).with_port(ports.mqtts),
  'a signed WebSocket': () => iot.AwsIotMqttConnectionConfigBuilder.new_with_websockets({ region: 'us-east-1', credentials_provider: credentials() }).with_certificate_authority_from_path(undefined, caFile).with_port(ports.https),
};

for (const [transport, builder] of Object.entries(connections311)) {
  test(`device SDK v2, MQTT 3.1.1 over ${transport}: a device takes a job and finishes it`, async () => {
    const thing = await newThing();
    const connection = new mqtt.MqttClient().new_connection(builder().with_endpoint('localhost').with_client_id(thing.name).with_clean_session(false).build());
    await connection.connect();
    const box = inbox();
    await loop(thing, {
      box,
      subscribe: (topic) => connection.subscribe(topic, mqtt.QoS.AtLeastOnce, (on, payload) => box.put(on, payload)),
      publish: (topic, payload) => connection.publish(topic, payload, mqtt.QoS.AtLeastOnce),
    });
    await connection.disconnect();
  });
}

const clients5 = {
  mTLS: () => iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromPath('localhost', certificate, key).withCertificateAuthorityFromPath(undefined, caFile).withPort(ports.mqtts).build(),
  'a signed WebSocket': () => iot.AwsIotMqtt5ClientConfigBuilder.newWebsocketMqttBuilderWithSigv4Auth('localhost', { region: 'us-east-1', credentialsProvider: credentials() }).withCertificateAuthorityFromPath(undefined, caFile).withPort(ports.https).build(),
  'plain TCP': () => {
    const config = iot.AwsIotMqtt5ClientConfigBuilder.newDirectMqttBuilderWithMtlsFromPath('127.0.0.1', certificate, key).withPort(ports.mqtt).build();
    delete config.tlsCtx; // the builders know no connection without TLS
    return config;
  },
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

for (const [transport, config] of Object.entries(clients5)) {
  test(`device SDK v2, MQTT 5 over ${transport}: a device takes a job and finishes it`, async () => {
    const client = await started(config());
    const box = inbox();
    client.on('messageReceived', ({ message }) => box.put(message.topicName, message.payload));
    await loop(await newThing(), {
      box,
      subscribe: (topicFilter) => client.subscribe({ subscriptions: [{ topicFilter, qos: mqtt5.QoS.AtLeastOnce }] }),
      publish: (topicName, payload) => client.publish({ topicName, payload: JSON.stringify(payload), qos: mqtt5.QoS.AtLeastOnce }),
    });
    await stopped(client);
  });
}

test('the client for Jobs of the device SDK v2 gets typed answers and refusals', async () => {
  const thing = await newThing();
  const client = await started(clients5.mTLS());
  const jobs = iotjobs.IotJobsClientv2.newFromMqtt5(client, { maxRequestResponseSubscriptions: 4, maxStreamingSubscriptions: 2, operationTimeoutInSeconds: 10 });
  const jobId = await thing.job();
  const pending = await jobs.getPendingJobExecutions({ thingName: thing.name });
  assert.deepEqual(pending.queuedJobs.map((job) => job.jobId), [jobId]);
  const { execution } = await jobs.startNextPendingJobExecution({ thingName: thing.name });
  assert.equal(execution.status, 'IN_PROGRESS');
  await assert.rejects(jobs.updateJobExecution({ thingName: thing.name, jobId, status: 'SUCCEEDED', expectedVersion: 7 }), (refusal) => refusal.modeledError?.code === 'VersionMismatch');
  await jobs.updateJobExecution({ thingName: thing.name, jobId, status: 'SUCCEEDED', expectedVersion: 2 });
  jobs.close();
  await stopped(client);
});

const older = {
  mTLS: { keyPath: key, certPath: certificate, caPath: caFile, port: ports.mqtts },
  'a signed WebSocket': { protocol: 'wss', port: ports.https, accessKeyId: 'any', secretKey: 'any', region: 'us-east-1', websocketOptions: { ca: readFileSync(caFile) } },
};

for (const [transport, options] of Object.entries(older)) {
  test(`the older device SDK over ${transport}: its jobs class hands a job to its handler`, async () => {
    const thing = await newThing();
    const jobs = require('aws-iot-device-sdk').jobs({ ...options, clientId: thing.name, host: 'localhost', ca });
    await new Promise((ok, no) => jobs.on('connect', ok).on('error', no));
    const jobId = await thing.job();
    const job = await new Promise((ok, no) => {
      jobs.subscribeToJobs(thing.name, 'install', (error, given) => (error ? no(error) : ok(given)));
      jobs.startJobNotifications(thing.name, (error) => error && no(error));
    });
    assert.equal(job.id, jobId);
    await new Promise((ok, no) => job.inProgress({ step: '1' }, (error) => (error ? no(error) : ok())));
    await new Promise((ok, no) => job.succeeded({ step: '2' }, (error) => (error ? no(error) : ok())));
    for (let tries = 0; tries < 200 && (await thing.status(jobId)) !== 'COMPLETED'; tries++) await new Promise((ok) => setTimeout(ok, 25));
    assert.equal(await thing.status(jobId), 'COMPLETED');
    await new Promise((ok) => jobs.end(true, ok));
  });
}
