/** `error`: a reader of today breaks. `warning`: one may. `info`: none does. */
export type Level = 'error' | 'warning' | 'info';

/** Who has to change something: who asks, who reads the answer, or both. */
export type Direction = 'request' | 'response' | 'both';

/**
 * Who reads a document. Gateways read a service's contract: they check each answer against the contract that they were
 * built with, and a wider one is a 502. Clients read a gateway's document, and are asked to be tolerant.
 */
export type Reader = 'gateway' | 'client';

interface Rule {
  readonly direction: Direction;
  readonly level: Level;
  /** For a service's contract, where that is another. */
  readonly forGateways?: Level;
  /** What it means, for the guide. */
  readonly means: string;
}

/** Aspects of a schema: an id is the place (`request-property`) and the aspect (`max-decreased`). */
const aspects = {
  'type-changed': ['error', 'error', 'another type'],
  'type-generalized': ['info', 'error', 'any number where it was an integer'],
  'type-specialized': ['error', 'info', 'an integer where it was any number'],
  'list-of-types-widened': ['info', 'error', 'more types'],
  'list-of-types-narrowed': ['error', 'info', 'fewer types'],
  'became-nullable': ['info', 'error', 'may be null'],
  'became-not-nullable': ['error', 'info', 'may not be null any more'],
  'became-enum': ['error', 'info', 'one of a few values where it was free'],
  'became-not-enum': ['info', 'warning', 'free where it was one of a few values', 'error'],
  'enum-value-added': ['info', 'warning', 'a new value', 'error'],
  'enum-value-removed': ['error', 'info', 'a value less'],
  'any-of-added': ['info', 'warning', 'a new alternative', 'error'],
  'any-of-removed': ['error', 'info', 'an alternative less'],
  'pattern-added': ['error', 'info', 'has to match a pattern'],
  'pattern-removed': ['info', 'info', 'may have any form', 'error'],
  'pattern-changed': ['error', 'warning', 'has to match another pattern', 'error'],
  'format-changed': ['error', 'warning', 'another format', 'error'],
  'default-value-changed': ['warning', 'info', 'another default'],
  'additional-properties-removed': ['error', 'info', 'refuses fields that it does not name'],
  'additional-properties-added': ['info', 'info', 'allows fields that it does not name', 'error'],
  'keyword-changed': ['error', 'error', 'a keyword that no rule knows'],
  'entity-changed': ['warning', 'warning', 'the id of something else'],
  deprecated: ['info', 'info', 'should not be used any more'],
  reactivated: ['info', 'info', 'may be used again'],
  'sunset-deleted': ['error', 'error', 'no day any more on which it may go'],
  'sunset-date-changed-too-small': ['error', 'error', 'goes earlier than was said'],
} as const satisfies Record<string, readonly [Level, Level, string, Level?]>;

/** Bounds of numbers, texts and lists: `max-length-decreased`. */
const bounds = ['max', 'exclusive-max', 'max-length', 'max-items'] as const;
const floors = ['min', 'exclusive-min', 'min-length', 'min-items'] as const;

export type Aspect = keyof typeof aspects | BoundAspect;
export type Bound = (typeof bounds)[number] | (typeof floors)[number];
type BoundAspect = `${Bound}-${'set' | 'unset' | 'increased' | 'decreased'}`;

const requestPlaces = ['request-parameter', 'request-body', 'request-property'] as const;
const responsePlaces = ['response-body', 'response-property'] as const;
export type Place = (typeof requestPlaces)[number] | (typeof responsePlaces)[number];

const whole = {
  'endpoint-added': ['both', 'info', 'a new operation'],
  'endpoint-deprecated': ['both', 'info', 'the operation should not be used any more'],
  'endpoint-reactivated': ['both', 'info', 'the operation may be used again'],
  'api-removed-without-deprecation': ['both', 'error', 'the operation is gone, and nothing said so before'],
  'api-removed-before-sunset': ['both', 'error', 'the operation is gone before the day that was said'],
  'api-removed-with-deprecation': ['both', 'info', 'the deprecated operation is gone'],
  'api-sunset-date-changed-too-small': ['both', 'error', 'the operation goes earlier than was said'],
  'sunset-deleted': ['both', 'error', 'the day on which the operation may go is not said any more'],
  'api-operation-id-removed': ['both', 'warning', 'clients that are generated have another name for it'],
  'api-security-added': ['request', 'error', 'a credential is needed that was not'],
  'api-security-removed': ['request', 'info', 'no credential is needed any more'],
  'api-security-scope-added': ['request', 'error', 'a scope is needed that was not'],
  'api-security-scope-removed': ['request', 'info', 'a scope is not needed any more'],
  'api-version-decreased': ['both', 'warning', 'the version of the document went down'],
  'request-body-added-required': ['request', 'error', 'a body is needed'],
  'request-body-added-optional': ['request', 'info', 'a body may be sent'],
  'request-body-removed': ['request', 'error', 'no body is taken any more'],
  'request-body-became-required': ['request', 'error', 'the body has to be sent'],
  'request-body-became-optional': ['request', 'info', 'the body may be left out'],
  'request-body-media-type-added': ['request', 'info', 'another media type is taken'],
  'request-body-media-type-removed': ['request', 'error', 'a media type is not taken any more'],
  'new-request-path-parameter': ['request', 'error', 'the address has a new parameter'],
  'new-required-request-parameter': ['request', 'error', 'a parameter is needed that was not there'],
  'new-optional-request-parameter': ['request', 'info', 'a parameter that may be sent'],
  'request-parameter-removed': ['request', 'error', 'the parameter is refused: there is no such field'],
  'request-parameter-became-required': ['request', 'error', 'the parameter has to be sent'],
  'request-parameter-became-optional': ['request', 'info', 'the parameter may be left out'],
  'new-required-request-property': ['request', 'error', 'a field is needed that was not there'],
  'new-optional-request-property': ['request', 'info', 'a field that may be sent'],
  'request-property-removed': [
    'request',
    'error',
    'the field is refused, or ignored where others are allowed',
  ],
  'request-property-became-required': ['request', 'error', 'the field has to be sent'],
  'request-property-became-optional': ['request', 'info', 'the field may be left out'],
  'response-required-property-removed': ['response', 'error', 'a field is gone that was always there'],
  'response-optional-property-removed': ['response', 'warning', 'a field is gone that was there at times'],
  'response-required-property-added': ['response', 'info', 'a new field'],
  'response-optional-property-added': ['response', 'info', 'a new field that may be absent'],
  'response-property-became-optional': ['response', 'error', 'the field may be absent'],
  'response-property-became-required': ['response', 'info', 'the field is always there'],
  'response-success-status-removed': ['response', 'error', 'success has another status'],
  'response-success-status-added': ['response', 'warning', 'success may have another status'],
  'response-non-success-status-added': ['response', 'info', 'a status of refusals is new'],
  'response-non-success-status-removed': ['response', 'info', 'a status of refusals is gone'],
  'response-media-type-added': ['response', 'info', 'the answer can be had in another form'],
  'response-media-type-removed': ['response', 'error', 'the answer cannot be had in that form any more'],
  'required-response-header-removed': ['response', 'error', 'a header is gone that was always there'],
  'optional-response-header-removed': ['response', 'warning', 'a header is gone'],
  'response-header-added': ['response', 'info', 'a new header'],
  'facet-problem-code-added': ['response', 'warning', 'a refusal may have another code'],
  'facet-problem-code-removed': ['response', 'info', 'a refusal has a code less'],
  'facet-kind-changed': [
    'request',
    'error',
    'a query became a command, or the other way: what is repeated changes',
  ],
  'facet-access-tightened': ['request', 'error', 'the service demands more of its callers'],
  'facet-access-loosened': ['request', 'info', 'the service demands less of its callers'],
  'facet-transport-changed': ['both', 'error', 'the service is reached under another pattern or address'],
  'facet-by-ids-changed': ['both', 'error', 'what one call may ask for by ids'],
  'facet-freshness-changed': ['response', 'info', 'for how long the answer may be reused'],
} as const satisfies Record<string, readonly [Direction, Level, string, Level?]>;

export type RuleId = keyof typeof whole | `${Place}-${Aspect}`;

/** Every rule by its id. The ids are oasdiff's, or made as it makes them; `facet-…` are ours. */
export const rules: ReadonlyMap<string, Rule> = new Map([
  ...Object.entries(whole as Record<string, readonly [Direction, Level, string, Level?]>).map(
    ([id, [direction, level, means, forGateways]]) => [id, { direction, level, means, forGateways }] as const,
  ),
  ...[...requestPlaces, ...responsePlaces].flatMap(rulesOf),
]);

export function levelOf(id: RuleId, reader: Reader): Level {
  const rule = rules.get(id) as Rule;
  return reader === 'gateway' ? (rule.forGateways ?? rule.level) : rule.level;
}

export const directionOf = (id: RuleId): Direction => (rules.get(id) as Rule).direction;

function rulesOf(place: Place): readonly (readonly [string, Rule])[] {
  const direction: Direction = place.startsWith('request') ? 'request' : 'response';
  const named = Object.entries(aspects as Record<string, readonly [Level, Level, string, Level?]>).map(
    ([aspect, [request, response, means, forGateways]]) =>
      [
        `${place}-${aspect}`,
        direction === 'request'
          ? { direction, level: request, means }
          : { direction, level: response, means, forGateways },
      ] as const,
  );
  return [...named, ...[...bounds, ...floors].flatMap((bound) => boundRules(place, direction, bound))];
}

/** What comes in may be allowed more, and what goes out less, without harm. */
function boundRules(place: Place, direction: Direction, bound: Bound): (readonly [string, Rule])[] {
  const isFloor = (floors as readonly string[]).includes(bound);
  const tighter = { set: true, unset: false, increased: isFloor, decreased: !isFloor };
  return Object.entries(tighter).map(([how, isTighter]) => {
    const means = `${bound.replaceAll('-', ' ')} is ${how === 'set' ? 'new' : how === 'unset' ? 'gone' : how}`;
    if (direction === 'request')
      return [`${place}-${bound}-${how}`, { direction, level: isTighter ? 'error' : 'info', means }];
    const loose = { level: 'warning', forGateways: 'error' } as const;
    return [
      `${place}-${bound}-${how}`,
      { direction, means, ...(isTighter ? { level: 'info' as const } : loose) },
    ];
  });
}
