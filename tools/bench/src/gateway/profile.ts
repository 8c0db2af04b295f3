import { writeFileSync } from 'node:fs';
import { Session, type Profiler } from 'node:inspector';

/** Self time by layer, in microseconds. */
export type LayerTimes = Readonly<Record<string, number>>;

const ENGINE: Readonly<Record<string, string>> = {
  '(garbage collector)': 'garbage collection',
  '(program)': 'engine and system calls',
  '(root)': 'engine and system calls',
};

const SOCKET_WRITES = new Set([
  'writeUtf8String',
  'writeLatin1String',
  'writeBuffer',
  'writev',
  'writeAsciiString',
]);

/** Where a frame of a profile belongs: a lib of ours, a package, a part of Node; undefined for the time that was idle. */
export function layerOf({
  functionName,
  url,
}: Profiler.Profile['nodes'][number]['callFrame']): string | undefined {
  // Starting and stopping the profile itself takes a tenth of a second.
  if (functionName === '(idle)' || url === 'node:inspector') return undefined;
  const engine = ENGINE[functionName];
  if (engine !== undefined) return engine;
  const lib = /\/(?:libs|tools)\/([\w-]+)\//.exec(url)?.[1];
  if (lib !== undefined && !url.includes('/node_modules/')) return `ours: ${lib}`;
  const module = /\/node_modules\/((?:@[\w.-]+\/)?[\w.-]+)\/(?!.*\/node_modules\/)/.exec(url)?.[1];
  if (module !== undefined) return packageLayer(module);
  if (url.startsWith('node:')) return /http/.test(url) ? "Node's HTTP server" : "Node's streams and sockets";
  if (SOCKET_WRITES.has(functionName)) return 'socket writes';
  return 'built-ins (JSON, strings, …)';
}

function packageLayer(name: string): string {
  if (name.startsWith('@nestjs/') || name === 'rxjs' || name === 'reflect-metadata') return 'Nest';
  if (/^(@fastify\/.*|fastify|find-my-way|avvio|fast-querystring|secure-json-parse)$/.test(name))
    return 'Fastify';
  return name;
}

/** Adds up a profile's samples by layer. */
export function timesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): LayerTimes {
  const layers = new Map(nodes.map(({ id, callFrame }) => [id, layerOf(callFrame)]));
  const times: Record<string, number> = {};
  samples.forEach((id, index) => {
    const layer = layers.get(id);
    if (layer !== undefined) times[layer] = (times[layer] ?? 0) + (timeDeltas[index] ?? 0);
  });
  return times;
}

/** The share of the busy time that is spent in files that fit, and in whatever they call. */
export function shareBelow({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile, file: RegExp): number {
  const known = new Map(nodes.map((node) => [node.id, node]));
  const below = new Set<number>();
  const mark = (id: number, isBelow: boolean): void => {
    const node = known.get(id);
    if (node === undefined) return;
    const is = isBelow || file.test(node.callFrame.url);
    if (is) below.add(id);
    for (const child of node.children ?? []) mark(child, is);
  };
  const [root] = nodes;
  if (root !== undefined) mark(root.id, false);
  let [inside, all] = [0, 0];
  samples.forEach((id, index) => {
    if (known.get(id)?.callFrame.functionName === '(idle)') return;
    const delta = timeDeltas[index] ?? 0;
    all += delta;
    if (below.has(id)) inside += delta;
  });
  return all === 0 ? 0 : inside / all;
}

/** Commands of a measured process: begin a profile of itself, and end it; the profile is kept in `BENCH_PROFILES`, a folder, where that is set. */
export function profiler() {
  const session = new Session();
  const post = (method: string, params?: object): Promise<unknown> =>
    new Promise((resolve, reject) =>
      session.post(method, params, (error, result) => (error === null ? resolve(result) : reject(error))),
    );
  const end = async (): Promise<Profiler.Profile> => {
    const { profile } = (await post('Profiler.stop')) as Profiler.StopReturnType;
    session.disconnect();
    const folder = process.env['BENCH_PROFILES'];
    if (folder !== undefined)
      writeFileSync(`${folder}/${process.pid}-${Date.now()}.cpuprofile`, JSON.stringify(profile));
    return profile;
  };
  return {
    async beginProfile() {
      session.connect();
      await post('Profiler.enable');
      await post('Profiler.setSamplingInterval', { interval: 250 });
      await post('Profiler.start');
    },
    endProfile: async () => timesOf(await end()),
    /** `file`: the source of a regular expression. */
    endProfileBelow: async (file: string) => shareBelow(await end(), new RegExp(file)),
  };
}
