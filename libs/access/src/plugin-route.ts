import type { Access } from './access.js';

/**
 * A route that stands beside a gateway's API and guards itself (a sign-in's), as the gateway's document has it. One that
 * is not declared so does not get up.
 */
export interface PluginRoute {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** As it is registered: `/auth/sessions/:id`. */
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  /** What may stand in the query, with what it means. */
  readonly query?: Readonly<Record<string, string>>;
  /** What a form has to carry, with what it means. */
  readonly form?: Readonly<Record<string, string>>;
  /** Each status that it answers with beside 401 and 403, with what it means. */
  readonly responses: Readonly<Record<number, string>>;
}
