/** A stock server in a thread of its own, so that a caller's CPU time can be told from its. */
import { parentPort } from 'node:worker_threads';

import { ServerTCP } from '@nestjs/microservices';

const server = new ServerTCP({ host: '127.0.0.1', port: 0 });
server.addHandler('echo', async (data) => data);
server.listen(() => parentPort.postMessage(server.unwrap().address().port));
