import type { FastifyInstance } from 'fastify';

const REPLY_HOOKS: ReadonlySet<string> = new Set(['onSend', 'preSerialization']);
const REQUEST_HOOKS: ReadonlySet<string> = new Set([
  'onRequest',
  'preParsing',
  'preValidation',
  'preHandler',
]);
/** That of Nest's own middleware plugin: what it runs writes to Node's response. */
const MIDDLEWARES = 'runMiddie';

/** What hooks of the gateway's user, and of plugins that they register, ask of the way in which answers are written. */
export class UserHooks {
  /** Whether some may set headers on Fastify's reply. */
  haveRequest = false;
  /** Whether some have to see or change what is sent: Fastify then sends all answers. */
  haveReply = false;

  /** Notes the hooks that are added from here on for all routes. A hook in a plugin's own scope concerns that plugin's routes alone. */
  watch(instance: FastifyInstance): void {
    const { addHook } = instance as unknown as {
      addHook: (this: unknown, name: string, hook: unknown) => FastifyInstance;
    };
    const note = (name: string): void => {
      if (REPLY_HOOKS.has(name)) this.haveReply = true;
      if (REQUEST_HOOKS.has(name)) this.haveRequest = true;
    };
    const noting = function (this: unknown, name: string, hook: { name: string }): FastifyInstance {
      if (this === instance && hook.name !== MIDDLEWARES) note(name);
      return addHook.call(this, name, hook);
    };
    instance.addHook = noting;
  }
}
