import type { Random } from './random.js';
import type { CategoryText, KindText } from './texts/text.js';

/** What a description is made from. */
export interface Draft {
  readonly category: CategoryText;
  readonly kind: KindText;
  readonly brand: string;
  readonly model: string;
  readonly material: string;
  readonly colour: string;
  readonly facts: Readonly<Record<string, string>>;
}

/** Four paragraphs of plain text: what it is, how it is made, what it is like to have, and the facts. */
export function describeProduct(draft: Draft, random: Random): string {
  const { category, kind, brand, model, material, colour } = draft;
  const [making, using, care] = [
    random.sample(category.making, 2),
    random.sample(category.using, 3),
    random.sample(category.care, 2),
  ];
  return [
    `The ${model} by ${brand} is ${kind.what} that ${kind.does}. ${random.pick(openings)(draft)}`,
    `It is made of ${material}; this one comes in ${colour}. ${making.join(' ')}`,
    using.join(' '),
    `${factsOf(draft)} ${care.join(' ')} ${random.pick(closings)}`,
  ].join('\n\n');
}

const openings: readonly ((draft: Draft) => string)[] = [
  ({ brand }) =>
    `${brand} has been making it for years and has changed little, because little had to be changed.`,
  ({ model }) => `With the ${model}, the idea was to leave out whatever one stops noticing after a week.`,
  ({ category }) =>
    `Among everything under ${category.name} it is what we would give to a friend who moves house.`,
  ({ brand }) =>
    `It was the first thing that ${brand} ever made, and it is still the one they are known for.`,
  ({ model }) => `The ${model} replaces a cheaper predecessor that lasted too long to be called a failure.`,
  () => 'It does one thing, does it well, and does not talk about it.',
];

const closings = [
  'Delivered in cardboard, without plastic.',
  'It comes in a plain box that is worth keeping.',
  'If it turns out not to be right, it can be returned within sixty days.',
  'Ready to be wrapped: the box shows nothing of what is in it.',
] as const;

function factsOf({ facts }: Draft): string {
  const parts = Object.entries(facts).map(([name, value]) => `${name}: ${value}`);
  return `In figures: ${parts.join('; ')}.`;
}
