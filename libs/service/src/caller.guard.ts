import type { CanActivate, ExecutionContext } from '@nestjs/common';
import type { VerifyCaller } from '@facet/access';
import { rememberCaller, type WireContext } from './context.js';

/** Lets nobody in whose caller is not proven. */
export class CallerGuard implements CanActivate {
  constructor(private readonly verify: VerifyCaller) {}

  canActivate(context: ExecutionContext): boolean {
    const wire = context.switchToRpc().getContext<WireContext>();
    rememberCaller(wire, this.verify(wire.caller));
    return true;
  }
}
