import type { Priority } from '@facet/contracts';
import { SetMetadata, type CustomDecorator } from '@nestjs/common';

export const CRITICALITY = 'facet:criticality';

const levels: readonly Priority[] = ['low', 'normal', 'high'];

/**
 * Says of a controller, or of one of its methods, what is lost by turning a request away when too much is asked: `low` goes
 * first, `high` last. Default: that of the aggregation that it answers with, else `normal`; a saga is always `high`.
 *
 * @throws RangeError for any other level
 */
export function Criticality(level: Priority): CustomDecorator {
  if (!levels.includes(level))
    throw new RangeError(`@Criticality: got ${JSON.stringify(level)}, expected ${levels.join(', ')}`);
  return SetMetadata(CRITICALITY, level);
}
