// The emulator as the service that is asked: its clock stands still and is advanced by experiments that wait.
import { IoT } from '@aws-sdk/client-iot';
import { IoTJobsDataPlane } from '@aws-sdk/client-iot-jobs-data-plane';
import mqtt from 'mqtt';
import { signedFetch } from './signing.mjs';

/** Every experiment begins at this moment, a Monday, so that schedules are the same in every run. */
const start = '2026-01-05T12:00:00Z';

export function emulator({
  url = (process.env.EMULATOR_URL ?? 'http://127.0.0.1:8080').replace(/\/+$/, ''),
  mqttPort = process.env.EMULATOR_MQTT_PORT ?? 1883,
} = {}) {
  const region = 'us-east-1';
  const credentials = { accessKeyId: '123456789012', secretAccessKey: 'any' };
  const settings = { endpoint: url, region, credentials, maxAttempts: 1 };

  async function own(method, path, body) {
    const answer = await fetch(`${url}/_emulator${path}`, { method, body: body && JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${method} /_emulator${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }

  const advance = (seconds) => own('POST', '/clock/advance', { by: `${Math.round(seconds * 1000)}ms` });

  return {
    name: 'emulator',
    isAws: false,
    iot: new IoT(settings),
    jobsData: new IoTJobsDataPlane(settings),
    request: (service, request) => signedFetch({ credentials, region, service, endpoint: url, ...request }),
    connect: (options) => mqtt.connect(`mqtt://127.0.0.1:${mqttPort}`, options),
    begin: () => own('PUT', '/clock', { now: start, frozen: true }),
    end: () => own('POST', '/reset'),
    now: async () => new Date((await own('GET', '/clock')).now),
    /** Lets seconds pass. */
    wait: (seconds) => advance(seconds),
    /** What AWS needs to become consistent, the emulator does not. */
    settle: async () => {},
  };
}
