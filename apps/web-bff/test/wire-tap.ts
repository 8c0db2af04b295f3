import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { StringDecoder } from 'node:string_decoder';

/** A frame of Nest's TCP wire, as far as a tap looks at it. */
interface Frame {
  readonly pattern?: unknown;
  readonly id?: unknown;
}

/** Where to strike: when the command is on its way there, or its answer on the way back. */
export interface Strike {
  readonly pattern: string;
  readonly when: 'before' | 'after';
  /** Called once, before another byte is passed on; none is from then on. */
  readonly act: () => void;
}

/** Stands between a gateway and its services, passes bytes on as they are, and reads along. */
export class WireTaps {
  private readonly servers: ReturnType<typeof createServer>[] = [];
  private readonly sockets = new Set<Socket>();
  private armed: Strike | undefined;

  /** Opens a way to `target` (`host:port`); gives back the address of its near end. */
  async open(target: string): Promise<string> {
    const [host = '', port] = target.split(':');
    const server = createServer((near) => this.join(near, connect(Number(port), host)));
    this.servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** Strikes at the next command that fits. */
  arm(strike: Strike): void {
    this.armed = strike;
  }

  close(): void {
    for (const server of this.servers) server.close();
    for (const socket of this.sockets) socket.destroy();
  }

  private join(near: Socket, far: Socket): void {
    const asked = new Set<unknown>();
    const sends = (frame: Frame) => {
      if (frame.pattern !== this.armed?.pattern) return false;
      asked.add(frame.id);
      return this.armed?.when === 'before';
    };
    this.pass(near, far, sends);
    this.pass(far, near, ({ id }) => asked.has(id) && this.armed?.when === 'after');
  }

  private pass(from: Socket, to: Socket, isMet: (frame: Frame) => boolean): void {
    this.sockets.add(from);
    const framesIn = frameReader();
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.sockets.delete(from);
      to.destroy();
    });
    from.on('data', (chunk) => {
      const isStruck = framesIn(chunk).some(isMet);
      if (!isStruck) return void to.write(chunk);
      const { armed } = this;
      this.armed = undefined;
      armed?.act();
      from.destroy();
      to.destroy();
    });
  }
}

/** `<N>#<json>`: N counts UTF-16 code units, as the length of a string does. */
function frameReader(): (chunk: Buffer) => Frame[] {
  const decoder = new StringDecoder('utf8');
  let text = '';
  return (chunk) => {
    text += decoder.write(chunk);
    const frames: Frame[] = [];
    for (;;) {
      const hash = text.indexOf('#');
      const end = hash + 1 + Number(text.slice(0, Math.max(0, hash)));
      if (hash < 0 || text.length < end) return frames;
      frames.push(JSON.parse(text.slice(hash + 1, end)) as Frame);
      text = text.slice(end);
    }
  };
}
