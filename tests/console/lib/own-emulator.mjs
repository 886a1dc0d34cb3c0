// An emulator of a story's own, which it may end and start again.
import { spawn } from 'node:child_process';

/** Starts it; on port 0 the system chooses one. Answers its address and how to end it. */
export async function start(port = 0) {
  const emulator = spawn('dotnet', [process.env.EMULATOR_DLL, '--port', `${port}`, '--mqtt-port', 'off', '--mqtt-tls-port', 'off', '--https-port', 'off'], { stdio: ['ignore', 'pipe', 'inherit'] });
  let log = '';
  const url = await new Promise((resolve, reject) => {
    emulator.once('exit', () => reject(new Error(`the emulator did not start:\n${log}`)));
    emulator.stdout.on('data', data => {
      log += data;
      const [, listening] = /Listening on (http:\/\/\S+)/.exec(log) ?? [];
      if (listening) resolve(listening);
    });
  });
  const ended = new Promise(resolve => emulator.once('exit', resolve));
  return {
    url,
    port: new URL(url).port,
    stop() {
      emulator.kill();
      return ended;
    },
  };
}
