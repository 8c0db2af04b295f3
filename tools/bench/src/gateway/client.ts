import { Agent, get } from 'node:http';
import { load, type LoadRequest, type LoadResult } from '../load.js';
import { answerParent } from '../worker.js';

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** One GET over a kept connection; resolves with the length of the body in bytes. */
function fetchLength(url: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent }, (response) => {
      let bytes = 0;
      response.on('data', (chunk: Buffer) => (bytes += chunk.length));
      response.on('end', () => {
        if (response.statusCode === 200) resolve(bytes);
        else reject(new Error(`${url} answered ${String(response.statusCode)}`));
      });
    });
    request.on('error', reject);
  });
}

answerParent({
  length: (url: string) => fetchLength(url),
  load: ({ url, ...request }: LoadRequest & { url: string }): Promise<LoadResult> =>
    load(request, () => fetchLength(url)),
});
