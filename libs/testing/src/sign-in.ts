import axios, { type AxiosResponse } from 'axios';

/** The sample users of the development provider, and the customers that they shop as. */
const passwords = { ada: 'ada-in-development', grace: 'grace-in-development' } as const;

/** Signs a user in at the gateway, through the provider's own page; gives back the headers of a page of the gateway's. */
export async function signIn(
  origin: string,
  username: keyof typeof passwords,
): Promise<Record<string, string>> {
  const browser = new Browser();
  const page = await browser.follow(await browser.get(`${origin}/auth/login`));
  const form = new URLSearchParams({ username, password: passwords[username] });
  await browser.follow(await browser.send('POST', page, form), origin);
  return { cookie: browser.cookieFor(origin), 'x-csrf': '1' };
}

/** Keeps cookies by origin and follows redirects, as far as a sign-in needs it. */
class Browser {
  private readonly jars = new Map<string, Map<string, string>>();

  cookieFor(url: string): string {
    return [...this.jar(url)].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  get(url: string): Promise<AxiosResponse<string>> {
    return this.send('GET', url);
  }

  async send(method: 'GET' | 'POST', url: string, data?: URLSearchParams): Promise<AxiosResponse<string>> {
    const headers = { cookie: this.cookieFor(url) };
    const answer = await axios.request<string>({
      url,
      method,
      data,
      headers,
      maxRedirects: 0,
      validateStatus: () => true,
    });
    for (const line of answer.headers['set-cookie'] ?? []) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      this.jar(url).set(name, value);
    }
    return answer;
  }

  /** Goes on until there is a page, or it has been at `end`; gives back where that is. */
  async follow(answer: AxiosResponse<string>, end?: string): Promise<string> {
    const url = String(answer.config.url);
    const next = answer.headers['location'] as string | undefined;
    if (next === undefined && answer.status >= 400)
      throw new Error(`${url} answered ${answer.status}: ${answer.data}`);
    if (next === undefined || (end !== undefined && url.startsWith(end))) return url;
    return this.follow(await this.get(new URL(next, url).href), end);
  }

  private jar(url: string): Map<string, string> {
    const { origin } = new URL(url);
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    return jar;
  }
}
