import { applyDecorators, SetMetadata } from '@nestjs/common';
import type { Access } from '@facet/access';
import type { z } from 'zod';
import { ACCESS } from '../access/access.js';

export const SHOWS = 'facet:shows';

/** What a route promises that answers with something of the gateway's own: no service is asked. */
export interface ShowsMetadata {
  readonly answer: z.ZodType;
  readonly summary: string;
}

/** Says of a controller's method what it shows, and to whom: `request.usage()`, for one. It takes no input. */
export function Shows({ access, ...metadata }: ShowsMetadata & { readonly access: Access }): MethodDecorator {
  return applyDecorators(SetMetadata(ACCESS, access), SetMetadata(SHOWS, metadata));
}
