/** The three ways for a client to call services. */
export const ways = ['direct', 'general', 'own'] as const;
export type Way = (typeof ways)[number];

export const wayNames: Readonly<Record<Way, string>> = {
  direct: 'direct',
  general: 'one gateway',
  own: 'a gateway per client',
};

export const screenNames = ['phone-home', 'product-page', 'partner-feed', 'reviews'] as const;
export type ScreenName = (typeof screenNames)[number];

/** Without the single call, which no gateway can save. */
export const threeScreens = ['phone-home', 'product-page', 'partner-feed'] as const satisfies ScreenName[];

export const screenTitles: Readonly<Record<ScreenName, string>> = {
  'phone-home': 'phone home',
  'product-page': 'product page',
  'partner-feed': 'partner feed',
  reviews: 'reviews (a single call)',
};

/** What listens at the front: the services, or one of the gateways. */
export const fronts = ['services', 'general', 'mobile', 'web', 'partner'] as const;
export type Front = (typeof fronts)[number];

const ownFronts: Readonly<Record<ScreenName, Front>> = {
  'phone-home': 'mobile',
  'product-page': 'web',
  'partner-feed': 'partner',
  reviews: 'mobile',
};

/** Where a screen is asked for. */
export function frontOf(way: Way, screen: ScreenName): Front {
  if (way === 'own') return ownFronts[screen];
  return way === 'general' ? 'general' : 'services';
}
