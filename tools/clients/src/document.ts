import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** JSON of which little is known. */
export type Json = Readonly<Record<string, unknown>>;

/** An OpenAPI 3.1 document, as much as is read of it here. */
export interface Document extends Json {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas?: Json };
}

export interface Operation extends Json {
  readonly operationId: string;
  readonly summary?: string;
  readonly deprecated?: boolean;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: unknown;
  readonly responses?: Readonly<Record<string, Response>>;
}

interface Response {
  readonly content?: Readonly<Record<string, { readonly schema?: Json }>>;
}

/**
 * What a gateway of the workspace says of itself, in text. It is not started for it, and calls nobody.
 *
 * @throws Error with what the gateway says where it would not start
 */
export async function describe(root: string, gateway: string): Promise<string> {
  const main = join(root, 'apps', gateway, 'src/main.ts');
  const args = ['--import', import.meta.resolve('@facet/dev/register'), main, '--describe'];
  try {
    const { stdout } = await promisify(execFile)(process.execPath, args, {
      cwd: root,
      maxBuffer: 64 * 1_048_576,
    });
    return stdout;
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    throw new Error(`${gateway} does not describe itself: ${(stderr ?? '').trim() || message}`, {
      cause: error,
    });
  }
}

export const documentFile = (gateway: string): string => `apps/${gateway}/openapi.json`;
