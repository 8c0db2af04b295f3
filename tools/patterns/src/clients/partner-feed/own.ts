import type { Api, Show } from '../api.js';
import { IDS, type PartnerFeed } from './screen.js';

export async function partnerFeed(api: Api, show: Show): Promise<PartnerFeed> {
  const feed = await api.get<PartnerFeed>(`/v1/offers?ids=${IDS.join(',')}`);
  show('everything');
  return feed;
}
