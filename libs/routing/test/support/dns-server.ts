import { createSocket } from 'node:dgram';
import { once } from 'node:events';

export type DnsRecord =
  | { readonly type: 'A' | 'AAAA'; readonly address: string; readonly ttl: number }
  | {
      readonly type: 'SRV';
      readonly target: string;
      readonly port: number;
      readonly priority?: number;
      readonly ttl: number;
    };

const types = { A: 1, AAAA: 28, SRV: 33 } as const;

/** A name server on a free UDP port that answers from a table (RFC 1035, RFC 2782); an unknown name does not exist. */
export interface DnsServer {
  readonly address: string;
  /** Questions so far. */
  readonly asked: number;
  /** The records, by name. */
  readonly zone: Map<string, readonly DnsRecord[]>;
  close(): Promise<void>;
}

export async function startDns(zone = new Map<string, readonly DnsRecord[]>()): Promise<DnsServer> {
  const socket = createSocket('udp4');
  let asked = 0;
  socket.on('message', (question, { port, address }) => {
    asked += 1;
    socket.send(answer(question, zone), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    get asked() {
      return asked;
    },
    zone,
    close: () => new Promise((resolve) => socket.close(resolve)),
  };
}

function answer(question: Buffer, zone: DnsServer['zone']): Buffer {
  const { name, end } = readName(question, 12);
  const type = question.readUInt16BE(end);
  const records = zone.get(name);
  const matching = (records ?? []).filter((each) => types[each.type] === type);
  const header = Buffer.alloc(12);
  question.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | (records === undefined ? 3 : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(matching.length, 6);
  return Buffer.concat([header, question.subarray(12, end + 4), ...matching.map(encode)]);
}

function encode(record: DnsRecord): Buffer {
  const data = dataOf(record);
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0);
  head.writeUInt16BE(types[record.type], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(record.ttl, 6);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function dataOf(record: DnsRecord): Buffer {
  if (record.type !== 'SRV') return hostData(record.address);
  const head = Buffer.alloc(6);
  head.writeUInt16BE(record.priority ?? 0, 0);
  head.writeUInt16BE(record.port, 4);
  const labels = record.target
    .split('.')
    .map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)]));
  return Buffer.concat([head, ...labels, Buffer.from([0])]);
}

function hostData(address: string): Buffer {
  if (!address.includes(':')) return Buffer.from(address.split('.').map(Number));
  // Only addresses of the form ::n are needed here.
  const data = Buffer.alloc(16);
  data.writeUInt16BE(parseInt(address.slice(2), 16), 14);
  return data;
}

function readName(message: Buffer, start: number): { name: string; end: number } {
  const labels: string[] = [];
  let at = start;
  for (let length = message[at] ?? 0; length > 0; length = message[at] ?? 0) {
    labels.push(message.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}
