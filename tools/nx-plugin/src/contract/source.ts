import { Refusal } from '../refusal.js';
import type { Described } from './model.js';
import type { Notes } from './notes.js';
import { describedByNest } from './nest/described.js';
import { readDocument } from './openapi/document.js';
import { describedBy } from './openapi/operations.js';

export interface Source {
  readonly kind: 'openapi' | 'nest';
  /** A file, a folder or a URL. */
  readonly place: string;
}

const KINDS = ['openapi', 'nest'] as const;

/**
 * What `--from=openapi:./users.yaml` names.
 *
 * @throws Refusal for a kind of description that is none
 */
export function sourceOf(from: string): Source {
  const [, said = '', place = ''] = /^([^:]*):(.*)$/.exec(from) ?? [];
  const kind = KINDS.find((each) => each === said);
  if (kind === undefined || place === '')
    throw new Refusal(
      `--from="${from}" names no description: it is like openapi:./users.yaml or nest:./path/to/service`,
    );
  return { kind, place };
}

/** @throws Refusal in one line for a description that cannot be read */
export async function describedFrom(
  source: string,
  about: { readonly root: string; readonly service: string; readonly notes: Notes },
): Promise<Described> {
  const { kind, place } = sourceOf(source);
  if (kind === 'nest') return describedByNest(place, { ...about, source });
  return describedBy(await readDocument(place, about.root), source, about.notes);
}
