import { APIRequestContext, APIResponse, Browser, BrowserContext, chromium, Page } from 'playwright-core';
import type { InstanceView, LoginSessionView, ProposalsPage, QuotaView } from '@beamdesk/contracts';
import { Installation, until } from './installation';

export type Person = 'ada' | 'bo' | 'chen' | 'dana' | 'farid' | 'eve';

const NAMES: Record<Person, RegExp> = {
  ada: /Ada Okafor/,
  bo: /Bo Lindqvist/,
  chen: /Chen Wei/,
  dana: /Dana Moreau/,
  farid: /Farid Haddad/,
  eve: /Eve Novak/,
};

/** @param more arguments beside the usual ones */
export function launchBrowser(more: string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['BEAMDESK_CHROMIUM'] ?? '/usr/bin/chromium',
    // As on a person's computer: without a locale Chromium reads the names of local files as ASCII.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    args: [
      '--no-sandbox',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...more,
    ],
  });
}

/** One person's browser profile, signed in through the real OIDC flow, with typed calls to the api beside its pages. */
export class Visitor {
  /** Every answer body this profile got, for the search for secrets. */
  readonly received: string[] = [];

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    private readonly url: string,
  ) {}

  static async arrive(browser: Browser, installation: Installation): Promise<Visitor> {
    const context = await browser.newContext({ baseURL: installation.url, viewport: { width: 1440, height: 900 } });
    await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: installation.url });
    const visitor = new Visitor(context, await context.newPage(), installation.url);
    visitor.recordAnswers();
    return visitor;
  }

  /** Signs in by clicking as a person would, and accepts the conditions where they are asked for. */
  async signIn(person: Person): Promise<this> {
    await this.comeIn(person);
    if ((await this.session()).authorised) await this.acceptConditions();
    return this;
  }

  /** Signs in and stops at what is shown then. */
  async comeIn(person: Person): Promise<void> {
    await this.page.goto('/');
    await this.page.getByRole('link', { name: /^Sign in with UmbrellaID/ }).first().click();
    await this.page.getByRole('button', { name: NAMES[person] }).click();
    await this.page.waitForURL((url) => url.origin === this.url && !url.pathname.startsWith('/oidc'));
  }

  async acceptConditions(): Promise<void> {
    if ((await this.session()).conditions.accepted) return;
    await this.page.getByRole('button', { name: /read and accept/ }).click();
    await until(async () => (await this.session()).conditions.accepted, 10_000, () => 'the conditions to be accepted');
  }

  session(): Promise<LoginSessionView> {
    return this.get<LoginSessionView>('/api/session');
  }

  proposals(query = ''): Promise<ProposalsPage> {
    return this.get<ProposalsPage>(`/api/proposals${query}`);
  }

  instances(): Promise<InstanceView[]> {
    return this.get<InstanceView[]>('/api/instances');
  }

  quota(): Promise<QuotaView> {
    return this.get<QuotaView>('/api/quota');
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.request.get(path);
    if (!answer.ok()) throw new Error(`GET ${path}: ${answer.status()} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  /** A request that changes something, with the headers the portal sends. */
  async send(method: 'PUT' | 'POST' | 'DELETE', path: string, data?: unknown): Promise<APIResponse> {
    const { csrfToken } = await this.session();
    return this.request.fetch(path, {
      method,
      headers: { 'X-CSRF-Token': csrfToken, Origin: this.url },
      ...(data === undefined ? {} : { data }),
    });
  }

  get request(): APIRequestContext {
    return this.context.request;
  }

  leave(): Promise<void> {
    return this.context.close();
  }

  private recordAnswers(): void {
    this.context.on('response', (response) => {
      void response.text().then(
        (text) => this.received.push(`${response.url()}\n${JSON.stringify(response.headers())}\n${text}`),
        () => undefined,
      );
    });
    this.context.on('page', (page) =>
      page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => this.received.push(String(payload)))),
    );
    this.page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => this.received.push(String(payload))),
    );
  }
}
