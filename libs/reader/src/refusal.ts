/**
 * What is wrong with an answer: zod's issue code (`invalid_type`, `too_small`, …), or one of these. `invalid_json`: it is
 * no JSON. `invalid_utf8`: its bytes are no UTF-8. `too_deep`: it is nested deeper than `MAX_DEPTH`. `check_failed`: a
 * check or a transform of the contract threw. `not_json`: what the contract makes of it cannot be written as JSON.
 */
export type RefusalCode =
  'invalid_json' | 'invalid_utf8' | 'too_deep' | 'check_failed' | 'not_json' | (string & {});

/** An answer breaks its contract. Says where and how, and never what was answered. */
export class AnswerRefused extends Error {
  override readonly name = 'AnswerRefused';

  constructor(
    /** The operation's pattern. */
    readonly operation: string,
    /** The path of the first field that is wrong, `''` for the answer itself; a name that the contract lacks is `*`. */
    readonly field: string,
    readonly code: RefusalCode,
    options?: ErrorOptions,
  ) {
    super(
      `${operation} answered what its contract does not allow: ${field || 'the answer'}: ${code}`,
      options,
    );
  }
}
