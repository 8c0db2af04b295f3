import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const AUDIT = 'facet:audit';

/**
 * Says of a controller's method what `npm run audit:routes` finds of it and is meant, with the reason: `@AuditAllows({
 * 'raw-pass-through': 'a picture' })`. In `routes.ts` it is the option `audit` of `route`.
 */
export function AuditAllows(reasons: Readonly<Record<string, string>>): CustomDecorator {
  return SetMetadata(AUDIT, checkReasons(reasons));
}

/** @throws Error naming a rule that is allowed without a reason */
export function checkReasons(reasons: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const empty = Object.entries(reasons).find(([, reason]) => reason.trim() === '');
  if (empty !== undefined) throw new Error(`audit: "${empty[0]}" is allowed without a reason`);
  return reasons;
}
