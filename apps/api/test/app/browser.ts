import { FakeIdentity, FakeProvider } from '../identities/fake-provider';

export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** Parsed body; null where there is none. */
  body: unknown;
  location: string | null;
}

/** What a browser does as far as the api is concerned: one cookie jar per host, redirects by hand, Origin on changes. */
export class TestBrowser {
  private readonly jars = new Map<string, Map<string, string>>();
  /** Every header and body it was sent. */
  readonly received: string[] = [];

  constructor(
    readonly portal: string,
    private readonly provider: FakeProvider,
    /** What the portal calls that provider. */
    private readonly providerId = 'umbrella',
  ) {}

  get(path: string): Promise<Answer> {
    return this.request('GET', path);
  }

  /** A change as the portal sends it: same Origin, the session's CSRF token. */
  async send(method: 'POST' | 'PUT' | 'DELETE', path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const { csrfToken } = (await this.get('/api/session')).body as { csrfToken: string };
    return this.request(method, path, body, { Origin: this.portal, 'X-CSRF-Token': csrfToken, ...headers });
  }

  async request(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const url = new URL(path, this.portal);
    const cookie = this.cookies(url.host);
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      headers: { ...(cookie ? { Cookie: cookie } : {}), ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    this.keepCookies(url.host, response.headers.getSetCookie());
    const text = await response.text();
    this.received.push(`${url.pathname}\n${JSON.stringify([...response.headers])}\n${text}`);
    return { status: response.status, headers: response.headers, text, body: parsed(text), location: response.headers.get('location') };
  }

  /** Through the provider and back, as far as the callback's URL, without asking for it. `tamper` may change what is asked. */
  async towardsCallback(person: FakeIdentity, query = '', tamper: (request: URL) => void = () => undefined): Promise<string> {
    const away = new URL((await this.get(`/api/auth/sign-in?provider=${this.providerId}${query}`)).location ?? '', this.portal);
    tamper(away);
    return this.follow(away.href, person);
  }

  /** From the address of a provider's page as far as the callback's URL, without asking for it. */
  async follow(away: string, person: FakeIdentity, provider = this.provider): Promise<string> {
    provider.people.set(person.sub, person);
    let next: string | null = away;
    for (let hops = 0; next !== null && hops < 6; hops++) {
      const url: URL = new URL(next, provider.issuer);
      if (url.pathname.startsWith('/api/auth/callback')) return url.href;
      const path: string = url.pathname.startsWith('/interaction/') ? `${url.pathname}/${encodeURIComponent(person.sub)}` : url.href;
      next = (await this.get(new URL(path, provider.issuer).href)).location;
    }
    throw new Error(`no callback; last redirect to ${next}`);
  }

  /** Signs in; the answer of the callback. */
  async signIn(person: FakeIdentity, query = ''): Promise<Answer> {
    return this.get(await this.towardsCallback(person, query));
  }

  /** Cookie header for the portal (or another host). */
  cookies(host = new URL(this.portal).host): string {
    return [...(this.jars.get(host) ?? [])].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  setCookie(name: string, value: string): void {
    this.jar(new URL(this.portal).host).set(name, value);
  }

  /** What another browser holds of the portal's. */
  takeCookies(other: TestBrowser): void {
    const host = new URL(this.portal).host;
    for (const [name, value] of other.jar(host)) this.jar(host).set(name, value);
  }

  /** Forgets what the provider knows of this browser, so that somebody else may sign in. */
  forgetProvider(): void {
    this.jars.delete(new URL(this.provider.issuer).host);
  }

  private jar(host: string): Map<string, string> {
    const jar = this.jars.get(host) ?? new Map<string, string>();
    this.jars.set(host, jar);
    return jar;
  }

  private keepCookies(host: string, lines: string[]): void {
    for (const line of lines) {
      const [pair = '', ...attributes] = line.split(';');
      const name = pair.slice(0, pair.indexOf('=')).trim();
      const gone = attributes.some((a) => /^\s*(expires=Thu, 01 Jan 1970|max-age=0)/i.test(a));
      if (gone) this.jar(host).delete(name);
      else this.jar(host).set(name, pair.slice(pair.indexOf('=') + 1));
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
