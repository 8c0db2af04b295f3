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
  /** What documents and clients call it. Default: made of its method and path. */
  readonly operationId?: string;
  /** What may stand in the query, with what it means. */
  readonly query?: Readonly<Record<string, string>>;
  /** What a form has to carry, with what it means. */
  readonly form?: Readonly<Record<string, string>>;
  /** Each status that it answers with beside 401 and 403, with what it means. */
  readonly responses: Readonly<Record<number, string | PluginResponse>>;
}

export interface PluginResponse {
  readonly description: string;
  /** The JSON schema of what is answered, where that is JSON. */
  readonly answer?: Readonly<Record<string, unknown>>;
  /** The codes of the problem that it is, where it is one. */
  readonly codes?: readonly string[];
}
