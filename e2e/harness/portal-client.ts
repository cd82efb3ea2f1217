import type { ErrorBody, InstanceView, LoginSessionView, ProposalsPage, TicketView } from '@beamdesk/contracts';
import { CookieJar } from './cookie-jar.ts';
import { EventStream } from './event-stream.ts';
import { GuacamoleClient } from './guacamole-client.ts';

/** What the api said: the body where it is a yes, code and sentence where it is a no. */
export type Answer<T> = { status: number; ok: true; body: T } | { status: number; ok: false; body: ErrorBody };

const MOST_REDIRECTS = 10;

/** One person at the portal without a browser: signs in through the real OIDC flow, then asks as the pages do. */
export class PortalClient {
  readonly url: string;
  private readonly jar = new CookieJar();
  private csrfToken = '';

  private constructor(url: string) {
    this.url = url;
  }

  /** @param person id of one of the demo people; accepts the conditions where they are asked for */
  static async signIn(url: string, person: string): Promise<PortalClient> {
    const client = new PortalClient(url);
    const { providers } = await client.session();
    const page = await client.follow(`/api/auth/sign-in?provider=${providers[0]?.id ?? ''}&returnTo=/`);
    const body = new URLSearchParams({ person });
    await client.follow(page.url, { method: 'POST', body });
    const { user, conditions } = await client.session();
    if (!user) throw new Error(`${person} could not sign in`);
    if (!conditions.accepted) await client.send('POST', '/api/conditions/acceptance', { version: conditions.version });
    return client;
  }

  get cookie(): string {
    return this.jar.header;
  }

  /** For a browser's profile that is to be this person. */
  get cookies(): { name: string; value: string; url: string }[] {
    return this.jar.entries.map((one) => ({ ...one, url: this.url }));
  }

  async session(): Promise<LoginSessionView> {
    const session = await this.get<LoginSessionView>('/api/session');
    this.csrfToken = session.csrfToken;
    return session;
  }

  /** @throws Error when the api refuses */
  async get<T>(path: string): Promise<T> {
    const answer = await this.ask(path);
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async send<T>(method: 'PUT' | 'POST' | 'DELETE', path: string, data: unknown = {}): Promise<Answer<T>> {
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': this.csrfToken, Origin: this.url };
    const answer = await this.ask(path, { method, headers, body: JSON.stringify(data) });
    const body: unknown = await answer.json().catch(() => null);
    return { status: answer.status, ok: answer.ok, body } as Answer<T>;
  }

  instances(): Promise<InstanceView[]> {
    return this.get<InstanceView[]>('/api/instances');
  }

  async proposalKeys(): Promise<string[]> {
    return (await this.get<ProposalsPage>('/api/proposals?limit=50&sort=name')).items.map(({ key }) => key);
  }

  launch(proposalKey: string): Promise<Answer<InstanceView>> {
    return this.send<InstanceView>('PUT', `/api/proposals/${proposalKey}/services/desktop`);
  }

  /** Ends a desktop and what it holds. @throws Error when the api refuses */
  async end(id: string): Promise<void> {
    const answer = await this.send('DELETE', `/api/instances/${id}`);
    if (!answer.ok) throw new Error(`cannot end ${id}: ${answer.body.code} ${answer.body.message}`);
  }

  /** @throws Error when the api refuses */
  async ticket(id: string): Promise<TicketView> {
    const answer = await this.send<TicketView>('POST', `/api/instances/${id}/tickets`);
    if (!answer.ok) throw new Error(`no ticket for ${id}: ${answer.body.code} ${answer.body.message}`);
    return answer.body;
  }

  enter({ path, ticket }: TicketView): GuacamoleClient {
    return new GuacamoleClient({ url: this.url, path, ticket, cookie: this.cookie });
  }

  events(): Promise<EventStream> {
    return EventStream.open(this.url, this.cookie);
  }

  private async ask(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { ...init.headers, Cookie: this.cookie };
    const answer = await fetch(new URL(path, this.url), { ...init, headers, redirect: 'manual' });
    this.jar.take(answer.headers.getSetCookie());
    return answer;
  }

  private async follow(path: string, init: RequestInit = {}): Promise<Response> {
    let answer = await this.ask(path, init);
    for (let left = MOST_REDIRECTS; answer.status >= 300 && answer.status < 400; left--) {
      if (left === 0) throw new Error(`${path} leads round in circles`);
      await answer.body?.cancel();
      answer = await this.ask(new URL(answer.headers.get('location') ?? '', answer.url).toString());
    }
    return answer;
  }
}
