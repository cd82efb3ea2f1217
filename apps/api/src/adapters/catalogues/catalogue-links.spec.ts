import { join } from 'node:path';
import type { ProposalsPage } from '@beamdesk/contracts';
import type { TestBrowser } from '../../../test/app/browser';
import type { FakeIdentity } from '../../../test/identities/fake-provider';
import { type LinkingBench, linkingBench } from '../../auth/linking/testing/linking-bench';
import { Config } from '../../config';
import { CatalogueEntries } from './catalogue-entries';
import { catalogueEntry, type CatalogueEntry } from './catalogues-schema';

const DEMO = join(__dirname, '../../../../../config/demo');

describe('catalogue accounts of people with several logins', () => {
  let bench: LinkingBench;

  const entries = ([first, second]: Config['identityProviders']): CatalogueEntry[] => [
    catalogueEntry.parse({
      id: 'demo',
      kind: 'file',
      file: 'catalogue.yaml',
      accounts: [
        { issuer: first?.issuer, subject: '([a-z]+)', name: '$1' },
        { issuer: second?.issuer, subject: '(.+)-2', name: '$1', groups: 'from-identity', groupPattern: 'team-(.+)' },
      ],
    }),
  ];
  beforeAll(async () => {
    bench = await linkingBench({
      env: { CATALOGUES_FILE: join(DEMO, 'catalogues.yaml') },
      override: (builder) =>
        builder.overrideProvider(CatalogueEntries).useFactory({
          inject: [Config],
          factory: ({ identityProviders }: Config) => new CatalogueEntries(entries(identityProviders)),
        }),
    });
  });
  afterAll(() => bench?.close());

  const signedIn = async (sub: string) => {
    const browser = bench.portal.browser();
    await browser.signIn({ sub, name: sub });
    return browser;
  };
  const there = async (person: FakeIdentity, browser = bench.at('keycloak')) => {
    await browser.signIn(person);
    return browser;
  };
  const known = async (browser: TestBrowser) => (await bench.account(browser)).catalogues;
  const proposals = async (browser: TestBrowser) => {
    const { conditions } = (await browser.get('/api/session')).body as { conditions: { version: string } };
    await browser.send('POST', '/api/conditions/acceptance', { version: conditions.version });
    const { status, body } = await browser.get('/api/proposals?limit=100');
    return status === 200 ? (body as ProposalsPage).items.map(({ name }) => name).sort() : status;
  };

  it('have the groups that the login was given last, by the rule', async () => {
    const ada = { sub: 'ada-2', name: 'Ada' };
    const browser = await there({ ...ada, realm_access: { roles: ['team-a', 'other'] } });
    const [before] = await known(browser);
    const way = (await bench.account(browser)).ways[0]?.id;
    expect(before).toMatchObject({
      catalogue: 'demo',
      name: 'ada',
      groups: ['a'],
      linkedBy: 'rule',
      wayId: way,
      unused: [],
    });
    await there({ ...ada, realm_access: { roles: ['team-b'] } }, browser);
    expect(await known(browser)).toEqual([{ ...before, groups: ['b'] }]);
  });

  it('let somebody in who adds the login that the catalogue knows', async () => {
    const browser = await signedIn('guest0');
    expect([await known(browser), await proposals(browser)]).toEqual([[], 403]);
    expect(await bench.link(browser, { sub: 'bo-2', name: 'Bo' })).toBe('/account?link=LINKED');
    expect(await known(browser)).toMatchObject([{ name: 'bo' }]);
    expect(await proposals(browser)).toContain('20260301');
  });

  it('are one in each catalogue, that of the login that was there before, and go with it', async () => {
    const browser = await signedIn('chen');
    const ofChen = await proposals(browser);
    await bench.link(browser, { sub: 'farid-2', name: 'F.' });
    const [first, second] = (await bench.account(browser)).ways;
    expect(await known(browser)).toMatchObject([
      { name: 'chen', wayId: first?.id, unused: [{ name: 'farid', wayId: second?.id }] },
    ]);
    const other = await there({ sub: 'farid-2', name: 'F.' });
    expect([await known(other), await proposals(other)]).toMatchObject([[{ name: 'chen' }], ofChen]);
    await bench.remove(other, first?.id);
    expect(await known(other)).toMatchObject([{ name: 'farid', wayId: second?.id, unused: [] }]);
    expect(await proposals(other)).not.toEqual(ofChen);
  });

  it('stay as somebody else wrote them', async () => {
    const browser = await signedIn('dana');
    await bench.portal.dataSource.query(
      `UPDATE catalogue_account SET name = 'ada', linked_by = 'staff', identity_id = NULL WHERE user_id = $1`,
      [await bench.who(browser)],
    );
    await bench.link(browser, { sub: 'eve-2', name: 'E.' });
    expect(await known(browser)).toMatchObject([
      { name: 'ada', linkedBy: 'staff', wayId: null, unused: [{ name: 'dana' }, { name: 'eve' }] },
    ]);
  });

  it('do not survive what gave them, whichever login the person comes back with', async () => {
    const browser = await signedIn('nobody0');
    await bench.link(browser, { sub: 'ada-2', name: 'A.' });
    expect(await known(browser)).toMatchObject([{ name: 'ada' }]);
    await bench.remove(browser, (await bench.account(browser)).ways[1]?.id);
    expect([await known(browser), await proposals(browser)]).toEqual([[], 403]);
  });
});
