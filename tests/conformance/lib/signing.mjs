// Requests signed by hand, for what the SDK clients cannot send or do not show, and the presigned URL of a WebSocket.
import { Sha256 } from '@aws-crypto/sha256-js';
import { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';

/** Sends one signed request; answers its status, its headers and its body as text. */
export async function signedFetch({ credentials, region, service, endpoint, method, path, query = {}, body }) {
  const url = new URL(endpoint);
  const request = new HttpRequest({
    method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: url.port ? Number(url.port) : undefined,
    path: url.pathname.replace(/\/$/, '') + path,
    query,
    headers: { host: url.host, ...(body !== undefined && { 'content-type': 'application/json' }) },
    body,
  });
  // Paths are given encoded once; the signature covers them encoded once more, as for every service but S3.
  const signed = await signer({ credentials, region, service }).sign(request);
  const search = new URLSearchParams(query).toString();
  const { host, ...headers } = signed.headers;
  const answer = await fetch(`${url.origin}${request.path}${search && `?${search}`}`, { method, headers, body });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** The URL at which AWS IoT speaks MQTT over a WebSocket. The session token is added after signing: AWS IoT does not sign it. */
export async function presignedWebSocket({ credentials, region, endpoint }) {
  const url = new URL(endpoint);
  const { sessionToken, ...keys } = credentials;
  const request = new HttpRequest({
    method: 'GET',
    protocol: url.protocol === 'http:' ? 'ws:' : 'wss:',
    hostname: url.hostname,
    path: '/mqtt',
    headers: { host: url.host },
  });
  const signed = await signer({ credentials: keys, region, service: 'iotdevicegateway' }).presign(request, { expiresIn: 300 });
  const search = new URLSearchParams(signed.query);
  if (sessionToken) search.set('X-Amz-Security-Token', sessionToken);
  return `${request.protocol}//${url.host}/mqtt?${search}`;
}

const signer = ({ credentials, region, service }) => new SignatureV4({ credentials, region, service, sha256: Sha256 });
