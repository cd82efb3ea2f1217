import type { RedeemAnswer, TicketView } from '@beamdesk/contracts';
import { Catalogue } from '@beamdesk/catalogue';
import { EditableCatalogue, seedProposals, UnreachableCatalogue } from '@beamdesk/catalogue/testing';
import { TestBrowser } from '../../../test/app/browser';
import { createTestApp, TestApp } from '../../../test/app/test-app';
import { InternalClient } from '../../internal/testing/internal-client';
import { seedInstance } from './seed-instance';

/** The proposal of every seeded instance; ada and bo are in its team. */
export const KEY = 'demo:Lumina:20260302';
export const FIGURES = { bytesToClient: 10, bytesFromClient: 5, lastInputAt: null };
export const GUACD = { guacd: { host: '127.0.0.1', port: 4822 }, connectionId: '$5a1c' };

/** The whole api with two signed-in people, ada's READY desktop, and a stand-in for the bridge. */
export class SessionBench {
  /** A desktop of ada's; a new one after each `reset`. */
  instance = '';

  private constructor(
    readonly test: TestApp,
    readonly editable: EditableCatalogue,
    readonly catalogue: UnreachableCatalogue,
    readonly internal: InternalClient,
    readonly ada: { browser: TestBrowser; userId: string },
    readonly bo: { browser: TestBrowser; userId: string },
  ) {}

  static async create(): Promise<SessionBench> {
    const editable = new EditableCatalogue();
    const catalogue = new UnreachableCatalogue(editable);
    const test = await createTestApp({
      env: { ROLES: 'web' },
      override: (builder) => builder.overrideProvider(Catalogue).useValue(catalogue),
    });
    const [ada, bo] = [await test.signedIn('ada'), await test.signedIn('bo')];
    return new SessionBench(test, editable, catalogue, new InternalClient(test.config), ada, bo);
  }

  async reset(): Promise<void> {
    this.catalogue.reachable = true;
    for (const seed of seedProposals()) this.editable.put(seed);
    await this.test.dataSource.query('DELETE FROM instance');
    // No membership is known but to the catalogue.
    await this.test.dataSource.query('DELETE FROM catalogue_copy');
    this.instance = await seedInstance(this.test.app, this.ada.userId);
  }

  /** A ticket as the page gets it. */
  async ticket(browser = this.ada.browser, id = this.instance): Promise<string> {
    const answer = await browser.send('POST', `/api/instances/${id}/tickets`);
    if (answer.status !== 201) throw new Error(answer.text);
    return (answer.body as TicketView).ticket;
  }

  async redeem(ticket: string, change: object = {}): Promise<RedeemAnswer> {
    const request = { ticket, cookie: this.ada.browser.cookies(), origin: this.test.url, bridge: 'b1', ...change };
    const { status, body } = await this.internal.post('/internal/tickets/redeem', request);
    if (status !== 200) throw new Error(`answered ${status}`);
    return body as RedeemAnswer;
  }

  /** Id of a new session of ada's. */
  async connected(change: object = {}): Promise<string> {
    const answer = await this.redeem(await this.ticket(), change);
    if (answer.action === 'refuse') throw new Error(answer.code);
    return answer.sessionId;
  }

  async renew(id: string, figures: object = FIGURES): Promise<unknown> {
    return (await this.internal.post(`/internal/sessions/${id}/renewal`, figures)).body;
  }

  /** Another login session of the same person. */
  async signedInAgain(sub: string): Promise<TestBrowser> {
    const browser = this.test.browser();
    await browser.signIn({ sub, name: `${sub} Tester`, email: `${sub}@test.example` });
    return browser;
  }
}
