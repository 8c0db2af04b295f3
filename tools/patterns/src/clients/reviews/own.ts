import type { Api, Show } from '../api.js';
import { PRODUCT, type Reviews } from './screen.js';

export async function reviews(api: Api, show: Show): Promise<Reviews> {
  const page = await api.get<Reviews>(`/v1/products/${PRODUCT}/reviews`);
  show('everything');
  return page;
}
