/** What a generator refuses to do, and the way out, in one line; thrown before anything is changed. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
}
