import type { ScreenName, Way } from '../ways.js';
import type { BuildScreen } from './api.js';
import { partnerFeed as partnerDirect } from './partner-feed/direct.js';
import { partnerFeed as partnerGeneral } from './partner-feed/general.js';
import { partnerFeed as partnerOwn } from './partner-feed/own.js';
import { phoneHome as phoneDirect } from './phone-home/direct.js';
import { phoneHome as phoneGeneral } from './phone-home/general.js';
import { phoneHome as phoneOwn } from './phone-home/own.js';
import { productPage as productDirect } from './product-page/direct.js';
import { productPage as productGeneral } from './product-page/general.js';
import { productPage as productOwn } from './product-page/own.js';
import { reviews as reviewsDirect } from './reviews/direct.js';
import { reviews as reviewsGeneral } from './reviews/general.js';
import { reviews as reviewsOwn } from './reviews/own.js';

/** The same screens, each built three ways. */
export const screens: Readonly<Record<ScreenName, Readonly<Record<Way, BuildScreen>>>> = {
  'phone-home': { direct: phoneDirect, general: phoneGeneral, own: phoneOwn },
  'product-page': { direct: productDirect, general: productGeneral, own: productOwn },
  'partner-feed': { direct: partnerDirect, general: partnerGeneral, own: partnerOwn },
  reviews: { direct: reviewsDirect, general: reviewsGeneral, own: reviewsOwn },
};
