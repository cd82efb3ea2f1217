import { join } from 'node:path';
import { IcatTestServer, seedIcat, seedProposals } from '@beamdesk/catalogue/testing';
import type { ProposalDetail, ProposalsPage } from '@beamdesk/contracts';
import type { TestBrowser } from '../../../test/app/browser';
import { createTestApp, type TestApp } from '../../../test/app/test-app';
import { Config } from '../../config';
import { CatalogueEntries } from './catalogue-entries';
import { catalogueEntry, type CatalogueEntry } from './catalogues-schema';

const DEMO = join(__dirname, '../../../../../config/demo');

describe('several catalogues', () => {
  let server: IcatTestServer;
  let api: TestApp;
  let entries: CatalogueEntry[];
  let ada: { browser: TestBrowser; userId: string };

  const named = (issuer: string, server: IcatTestServer): CatalogueEntry[] => [
    catalogueEntry.parse({
      id: 'demo',
      kind: 'file',
      file: 'catalogue.yaml',
      accounts: [{ issuer, subject: '.+', name: 'chen' }],
    }),
    catalogueEntry.parse({
      id: 'icat',
      kind: 'icat',
      url: server.url,
      credentialsFile: join(__dirname, 'testing/credentials.yaml'),
      accounts: [{ issuer, subject: '([a-z]+)', name: '$1' }],
    }),
  ];

  beforeAll(async () => {
    server = await IcatTestServer.start();
    server.passwords.set('reader', 'of the test server');
    seedIcat(server, seedProposals());
    api = await createTestApp({
      env: { CATALOGUES_FILE: join(DEMO, 'catalogues.yaml') },
      override: (builder) =>
        builder.overrideProvider(CatalogueEntries).useFactory({
          inject: [Config],
          factory: ({ identityProviders: [provider] }: Config) =>
            new CatalogueEntries((entries = named(provider?.issuer ?? '', server))),
        }),
    });
    ada = await api.signedIn('ada');
  });
  afterAll(async () => {
    await api.close();
    expect(server.sessions.count).toBe(0);
    await server.close();
  });

  const list = async (query = '', { browser } = ada) =>
    (await browser.get(`/api/proposals${query}`)).body as ProposalsPage;
  const links = (userId: string): Promise<unknown> =>
    api.dataSource.query(
      'SELECT catalogue, name, linked_by AS by FROM catalogue_account WHERE user_id = $1 ORDER BY catalogue',
      [userId],
    );

  it('link a person at the sign-in by their rules, and leave what somebody else linked', async () => {
    expect(await links(ada.userId)).toEqual([
      { catalogue: 'demo', name: 'ada', by: 'test' },
      { catalogue: 'icat', name: 'ada', by: 'rule' },
    ]);
  });

  it('are one list, in one order, page by page', async () => {
    const all = await list('?sort=name&limit=100');
    expect(all.total).toBe(9);
    const keys = all.items.map(({ key }) => key);
    expect(keys.slice(3, 7)).toEqual([
      'demo:Lumina:20260301',
      'icat:Lumina:20260301',
      'demo:Lumina:20260302',
      'icat:Lumina:20260302',
    ]);
    const pages = await Promise.all([0, 4, 8].map((offset) => list(`?sort=name&limit=4&offset=${offset}`)));
    expect(pages.flatMap(({ items }) => items.map(({ key }) => key))).toEqual(keys);
    expect((await list('?search=micelles')).items.map(({ key }) => key).sort()).toEqual([
      'demo:Lumina:20260304',
      'icat:Lumina:20260302',
    ]);
    expect(all.items.find(({ key }) => key === 'icat:Lumina:20260301')?.myRoles).toEqual(['Principal investigator']);
    expect(all).not.toHaveProperty('unavailable');
  });

  it('open their own proposals to their own members', async () => {
    const { status, body } = await ada.browser.get('/api/proposals/icat:Lumina:20260302');
    expect([status, (body as ProposalDetail).team.length]).toEqual([200, 2]);
    for (const key of ['icat:Lumina:MX~2f2415', 'icat:Lumina:20260303', 'other:Lumina:20260301']) {
      expect((await ada.browser.get(`/api/proposals/${key}`)).status).toBe(404);
    }
  });

  it('go on without the one that is down, and name it', async () => {
    const before = await list('?limit=100');
    server.http.mischief = () => ({ status: 503, text: 'down' });
    const page = await list('?limit=100');
    const never = await api.signedIn('dee');
    const partly = await list('?limit=100', never);
    const detail = await ada.browser.get('/api/proposals/icat:Lumina:20260301');
    server.http.mischief = () => null;
    expect(page.items.map(({ key }) => key)).toEqual(before.items.map(({ key }) => key));
    expect([page.total, page.unavailable, page.missing]).toEqual([9, ['icat'], undefined]);
    expect(Date.parse(page.observedAt ?? '')).toBeGreaterThan(Date.now() - 60_000);
    expect([partly.unavailable, partly.missing]).toEqual([['icat'], ['icat']]);
    expect(partly.items.every(({ key }) => key.startsWith('demo:'))).toBe(true);
    expect([detail.status, (detail.body as { code: string }).code]).toEqual([503, 'CATALOGUE_UNAVAILABLE']);
    expect((await list()).unavailable).toBeUndefined();
  });

  it('lose a person whom their rules no longer name, at the next sign-in', async () => {
    const bo = await api.signedIn('bo');
    expect((await list('?limit=100', bo)).items.map(({ key }) => key)).toContain('icat:Lumina:20260302');
    for (const rule of entries[1]?.accounts ?? []) rule.subject = /^nobody$/;
    await bo.browser.signIn({ sub: 'bo', name: 'bo Tester', email: 'bo@test.example' });
    expect(await links(bo.userId)).toEqual([{ catalogue: 'demo', name: 'bo', by: 'test' }]);
    expect((await list('?limit=100', bo)).items.every(({ key }) => key.startsWith('demo:'))).toBe(true);
  });
});
