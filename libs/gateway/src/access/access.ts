import { SetMetadata, type CustomDecorator } from '@nestjs/common';
import type { Access } from '@facet/access';

export const ACCESS = 'facet:access';

/**
 * Who may use a route, or all routes of a controller. A route that nothing says this of fails the boot.
 * `@Answers` and pass-through routes carry it already.
 */
export function RequireAccess(access: Access): CustomDecorator {
  return SetMetadata(ACCESS, access);
}
