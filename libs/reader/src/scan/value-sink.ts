import type { ListNode, ObjectNode } from '../contract/model.js';
import type { Gathered, Leaf, Sink } from './sink.js';

/** Makes the value that is read. Names in it are those of the contract, never those of an answer. */
export const valueSink: Sink = {
  makesValues: true,
  leaf,
  beginList: (into) => `${into} = [];`,
  addElement: (list, element) => `${list}.push(${element});`,
  endList: (node: ListNode, into) => (node.isFrozen ? `Object.freeze(${into});` : ''),
  object,
  drop: () => '',
};

function leaf(node: Leaf, from: string, into: string): string {
  switch (node.kind) {
    case 'text':
      return `${into} = stringOf(bytes, latin1, ${from}, p);`;
    case 'number':
      return `${into} = numberOf(bytes, ${from}, p);`;
    case 'boolean':
      return `${into} = p - ${from} === 4;`;
    case 'word':
      return '';
  }
}

function object(node: ObjectNode, fields: readonly Gathered[], into: string): string {
  const always = fields.filter(({ isOptional }) => !isOptional);
  const made = always.map(({ name, variable }) => `${JSON.stringify(name)}: ${variable}`).join(', ');
  const added = fields
    .filter(({ isOptional }) => isOptional)
    .map(
      ({ name, variable }) =>
        `if (${variable} !== undefined) ${into}[${JSON.stringify(name)}] = ${variable};`,
    );
  const end = node.isFrozen ? [`Object.freeze(${into});`] : [];
  return [`${into} = { ${made} };`, ...added, ...end].join('\n');
}
