import type { Server } from 'node:net';

/** A process that cannot start for a reason its operator can put right. Its message is enough; a stack is not shown. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

export interface ListenOptions {
  readonly host: string;
  readonly port: number;
  /** The variable that sets the port, named where the port is taken. */
  readonly variable: string;
}

/**
 * Resolves when `server` listens.
 *
 * @throws StartError naming port and variable where the address cannot be had
 */
export function listening(server: Server, { host, port, variable }: ListenOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const refuse = (error: Error) => reject(listenFault(error, variable));
    server.once('error', refuse);
    server.listen({ host, port }, () => {
      server.off('error', refuse);
      resolve();
    });
  });
}

/** What an error of `listen` means to the operator; any other error is given back as it is. */
export function listenFault(error: Error, variable: string): Error {
  const { code, port, address } = error as { code?: string; port?: number; address?: string };
  const reason = {
    EADDRINUSE: `another process listens there; stop it, or set ${variable} to a free port`,
    EACCES: `this user may not listen there; set ${variable} to a port above 1023`,
    EADDRNOTAVAIL: 'this machine has no such address; set HOST to one that it has',
  }[code ?? ''];
  if (reason === undefined) return error;
  return new StartError(`cannot listen on ${address}:${port} (${variable}): ${reason}`, { cause: error });
}
