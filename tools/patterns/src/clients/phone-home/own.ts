import type { Api, Show } from '../api.js';
import type { PhoneHome } from './screen.js';

export async function phoneHome(api: Api, show: Show): Promise<PhoneHome> {
  const screen = await api.get<PhoneHome>('/v1/home');
  show('everything');
  return screen;
}
