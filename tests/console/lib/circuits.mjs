// Circuits without a browser: sockets that greet the hub as a page does, and stay.
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';

const greeting = '{"protocol":"blazorpack","version":1}\x1e';
const ping = Buffer.from([0x02, 0x91, 0x06]);

/** Opens a circuit's socket. Answers it, or the status with which it is refused. */
export function openCircuit(console) {
  return new Promise((resolve, reject) => {
    const asked = request(`${console}/_blazor`, {
      headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': randomBytes(16).toString('base64') },
    });
    asked.on('error', reject);
    asked.on('response', answer => {
      answer.resume(); // what is not read would keep the process
      resolve({ status: answer.statusCode, close() {} });
    });
    asked.on('upgrade', (_, socket) => {
      socket.on('error', () => {});
      socket.resume();
      socket.write(frame(1, Buffer.from(greeting)));
      const alive = setInterval(() => socket.write(frame(2, ping)), 5000); // the hub forgets who says nothing for 30 s
      resolve({
        status: 101,
        close() {
          clearInterval(alive);
          socket.destroy();
        },
      });
    });
    asked.end();
  });
}

/** A frame of a client, which masks what it sends: here with zeros. Its payload has fewer than 126 bytes. */
const frame = (opcode, payload) => Buffer.concat([Buffer.from([0x80 | opcode, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
