/**
 * A stock server in a thread of its own, which therefore answers while the caller's thread stands still. `data` is shared:
 * it answers once `data[0]` is 1, and then sets `data[1]`.
 */
import { parentPort, workerData } from 'node:worker_threads';

import { ServerTCP } from '@nestjs/microservices';

const server = new ServerTCP({ host: '127.0.0.1', port: 0 });
server.addHandler('echo', async (data) => {
  Atomics.wait(workerData, 0, 0);
  setImmediate(() => {
    Atomics.store(workerData, 1, 1);
    Atomics.notify(workerData, 1);
  });
  return data;
});
server.listen(() => parentPort.postMessage(server.unwrap().address().port));
