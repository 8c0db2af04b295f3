import ts from 'typescript';
import { Ids } from './ids.js';
import type { Described } from './model.js';
import type { Notes } from './notes.js';
import { OperationWriter } from './operation.js';
import { DECLARED, FreeNames } from './schema/names.js';
import { comment, literal } from './schema/text.js';
import { ZodWriter } from './schema/zod.js';

export interface Writing {
  /** What the service is called, and its contract in TypeScript: `user-profiles`, `userProfiles`. */
  readonly name: string;
  readonly value: string;
  /** The entities that other contracts of the workspace have ids of. */
  readonly known: ReadonlySet<string>;
  /** Whether everybody may ask for all of it; else nobody may yet. */
  readonly isOpen: boolean;
  readonly notes: Notes;
}

/** The sources of a contract, in TypeScript; formatting is left to the formatter. */
export interface Written {
  readonly contract: string;
  /** Undefined where it declares no schema by a name. */
  readonly schemas: string | undefined;
  readonly index: string;
}

/**
 * Writes the contract of a service that is described.
 *
 * @throws Refusal naming what cannot be written
 */
export function writeContract(described: Described, writing: Writing): Written {
  const { name, value, notes, isOpen, known } = writing;
  const { operations, resolve, title } = described;
  const names = new FreeNames([...DECLARED, value]);
  const owner = isOpen ? 'nobody' : 'customer';
  const ids = new Ids(operations, { service: name, known, owner, resolve, notes, names });
  const zod = new ZodWriter({ resolve, notes, names, idOf: (...field) => ids.of(...field) });
  const writer = new OperationWriter({ zod, ids, resolve, notes, isOpen });
  const rendered = operations.map((each) => writer.write(each));
  const body = `${isOpen ? openFor(rendered) : CLOSED}${comment(title)}export const ${value} = service(${literal(name)}, {
${rendered.join('\n')}
});
`;
  const declared = [...ids.declared.map((each) => ({ ...each, comment: '' })), ...zod.named];
  const schemas = declared
    .map((each) => `${each.comment}export const ${each.name} = ${each.code};\n`)
    .join('\n');
  const inBody = identifiersIn(body);
  const contract = [
    importOf(CONTRACTS, '@facet/contracts', inBody),
    importOf(['z'], 'zod', inBody),
    importOf(declared.map((each) => each.name).sort(), './schemas.js', inBody),
  ];
  const inSchemas = identifiersIn(schemas);
  return {
    contract: `${contract.join('')}\n${body}`,
    schemas:
      declared.length === 0
        ? undefined
        : `${importOf(['id'], '@facet/contracts', inSchemas)}${importOf(['z'], 'zod', inSchemas)}\n${schemas}`,
    index: `export { ${value} } from './${name}.js';\n${declared.length === 0 ? '' : "export * from './schemas.js';\n"}`,
  };
}

const CONTRACTS = ['command', 'idempotencyKey', 'query', 'service', 'type OperationAccess'];

const CLOSED = `/**
 * Only this gateway itself may ask. An operation that clients may ask for says whom it lets ask: scopes, the field of the input
 * with the caller's own customer, or nothing where it is for everybody.
 */
const closed = { gatewayOnly: true, owner: { anybody: 'no client may ask yet' } } satisfies OperationAccess;

`;

const OPEN = `const anybody = { owner: { anybody: 'nothing of it belongs to a customer' } } satisfies OperationAccess;

`;

const openFor = (rendered: readonly string[]): string =>
  rendered.some((each) => identifiersIn(`({ ${each} })`).has('anybody')) ? OPEN : '';

function importOf(names: readonly string[], from: string, used: ReadonlySet<string>): string {
  const wanted = names.filter((name) => used.has(name.replace('type ', '')));
  return wanted.length === 0 ? '' : `import { ${wanted.join(', ')} } from '${from}';\n`;
}

/** The names that code refers to: not those of fields. */
function identifiersIn(code: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: ts.Node): void => {
    const { parent } = node;
    const isField =
      (ts.isPropertyAssignment(parent) ||
        ts.isPropertyAccessExpression(parent) ||
        ts.isGetAccessor(parent)) &&
      parent.name === node;
    if (ts.isIdentifier(node) && !isField) found.add(node.text);
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(ts.createSourceFile('', code, ts.ScriptTarget.Latest, true), visit);
  return found;
}
