// AWS as the service that is asked: credentials and region as the SDK finds them, the account's own endpoint, and real time.
import { setTimeout as pause } from 'node:timers/promises';
import { IoT } from '@aws-sdk/client-iot';
import { IoTJobsDataPlane } from '@aws-sdk/client-iot-jobs-data-plane';
import mqtt from 'mqtt';
import { presignedWebSocket, signedFetch } from './signing.mjs';

/** AWS_ENDPOINT_URL is obeyed, as the SDK does: it leads to the emulator when this file itself is to be tried. */
export async function aws() {
  const iot = new IoT({ retryMode: 'adaptive', maxAttempts: 8 });
  const region = await iot.config.region();
  const elsewhere = process.env.AWS_ENDPOINT_URL_IOT ?? process.env.AWS_ENDPOINT_URL;
  const control = elsewhere ?? iot.config.endpointProvider({ Region: region }).url.href;

  const endpoint = async (endpointType) => {
    const url = new URL(elsewhere ?? 'https://localhost');
    url.host = (await iot.describeEndpoint({ endpointType })).endpointAddress;
    return url.origin;
  };
  const data = await endpoint('iot:Data-ATS');
  // Accounts that never had an endpoint of type iot:Jobs use the other one.
  const jobs = await endpoint('iot:Jobs').catch((error) => (error.name === 'InvalidRequestException' ? data : Promise.reject(error)));

  const endpoints = { iot: control, 'iot-jobs-data': jobs, iotdata: data };
  const credentials = () => iot.config.credentials();
  const wait = (seconds, signal) => pause(seconds * 1000, undefined, { signal });

  return {
    name: 'AWS',
    isAws: true,
    region,
    endpoint: data,
    iot,
    jobsData: new IoTJobsDataPlane({ endpoint: jobs, retryMode: 'adaptive', maxAttempts: 8 }),
    request: async (service, request) =>
      signedFetch({ credentials: await credentials(), region, service, endpoint: endpoints[service], ...request }),
    connect: async (options) => mqtt.connect(await presignedWebSocket({ credentials: await credentials(), region, endpoint: data }), options),
    begin: async () => {},
    end: async () => {},
    now: async () => new Date(),
    wait,
    settle: (signal) => wait(5, signal),
  };
}
