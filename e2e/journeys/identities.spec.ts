import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import type { AccountView } from '@beamdesk/contracts';
import { TINY_SITE } from '../fixtures/tiny-site';
import { Installation } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { SecondProvider } from '../harness/second-provider';

const IDENTITY = resolve(import.meta.dirname, '../../tools/identity.ts');
const ONE_TIME = 'a word for one use';
const OWN = 'correct horse battery';
/** The same mail as Ada's at the demo's provider, which says as well that it is verified. */
const OKAFOR = {
  id: 'okafor',
  subject: 'institute-7',
  name: 'A. Okafor',
  email: 'ada.okafor@lumina.example',
  about: 'at the institute',
  groups: ['team-metals', 'team-magnets'],
};
const LEA = {
  id: 'lea',
  subject: 'institute-8',
  name: 'Lea Brunner',
  email: 'lea@institute.example',
  about: 'a guest',
};

jest.setTimeout(900_000);

describe('one person, several ways to sign in', () => {
  let second: SecondProvider;
  let installation: Installation;
  let browser: Browser;
  let ada: Visitor;

  beforeAll(async () => {
    second = await SecondProvider.prepare([OKAFOR, LEA]);
    const env = (url: string) => ({
      ...TINY_SITE,
      ...second.start(url),
      TEMPLATES: 'off',
      LOCAL_ACCOUNTS: 'on',
      LOCAL_ACCOUNTS_LABEL: 'a local account',
    });
    installation = await Installation.start({ env, readyWithinMs: 900_000 });
    await second.ready();
    browser = await launchBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
    second?.stop();
  });

  const arrive = async () => {
    const visitor = await Visitor.arrive(browser, installation);
    visitor.page.setDefaultTimeout(60_000);
    return visitor;
  };
  const identity = (...words: string[]) => {
    const env = { ...process.env, NODE_OPTIONS: '', BEAMDESK_DATA: installation.dataDir };
    const { status, stdout } = spawnSync(process.execPath, [IDENTITY, ...words], {
      env,
      input: ONE_TIME,
      encoding: 'utf8',
    });
    return { status, stdout };
  };
  const home = (page: Page) => page.waitForURL((url) => url.origin === installation.url);
  const chooseAt = async (page: Page, who: { name: string }) => {
    await page.getByRole('heading', { name: SecondProvider.LABEL }).waitFor();
    await page.getByRole('button', { name: who.name }).click();
    await home(page);
  };
  const signInThere = async ({ page }: Visitor, who: { name: string }) => {
    await page.goto('/');
    const name = `Sign in with ${SecondProvider.LABEL}`;
    await page.getByRole('link', { name }).first().click();
    // Whoever is signed in there still is not asked again.
    const choice = page.getByRole('button', { name: new RegExp(`^${who.name}`) });
    const inside = page.getByRole('button', { name: /^Account of/ });
    await choice.or(inside).first().waitFor();
    if (await choice.isVisible()) await choice.click();
    await inside.waitFor();
  };
  const signInHere = async ({ page }: Visitor, password: string) => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Sign in with a local account' }).first().click();
    await page.getByLabel('Name').fill('grace');
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  const openAccount = async ({ page }: Visitor) => {
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Account' }).click();
    await page.getByRole('heading', { name: 'Account', exact: true }).waitFor();
  };
  const signOut = async ({ page }: Visitor) => {
    await page.getByRole('button', { name: /^Account of/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page
      .getByRole('link', { name: /^Sign in with/ })
      .first()
      .waitFor();
  };
  const addAnother = async ({ page }: Visitor, label: string | RegExp) => {
    await page.getByRole('button', { name: 'Add another way to sign in' }).click();
    await page.getByRole('menuitem', { name: label }).click();
  };
  const person = async (visitor: Visitor) => (await visitor.session()).user?.id;
  const names = async (visitor: Visitor) =>
    (await visitor.proposals('?limit=100')).items.map(({ name }) => name).sort();
  const shots = async ({ page }: Visitor, name: string) => {
    const folder = process.env['BEAMDESK_SHOTS'];
    if (!folder) return;
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [360, 768, 1440]) {
        await page.setViewportSize({ width, height: 900 });
        await page.screenshot({ path: join(folder, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
  };

  it('is three people before anything is linked, whatever their mails say', async () => {
    ada = await (await arrive()).signIn('ada');
    const there = await arrive();
    await signInThere(there, OKAFOR);
    await there.page.getByRole('heading', { name: /not authorised yet/ }).waitFor();
    expect((await there.session()).user?.email).toBe((await ada.session()).user?.email);
    expect(identity('account', 'create', 'grace', '--name', 'Grace O.').status).toBe(0);
    const local = await arrive();
    await signInHere(local, ONE_TIME);
    await local.page.getByLabel('New password', { exact: true }).fill(OWN);
    await local.page.getByLabel('New password again').fill(OWN);
    await local.page.getByRole('button', { name: 'Set password and sign in' }).click();
    await local.page.getByRole('heading', { name: /not authorised yet/ }).waitFor();
    const everybody = await Promise.all([ada, there, local].map(person));
    expect(new Set(everybody).size).toBe(3);
    await Promise.all([there.leave(), local.leave()]);
  });

  it('adds the institute’s login by clicking, and says so', async () => {
    await openAccount(ada);
    await shots(ada, 'account-one');
    await addAnother(ada, SecondProvider.LABEL);
    await chooseAt(ada.page, OKAFOR);
    await ada.page.getByText(/^Added\./).waitFor();
    const card = ada.page.getByRole('article', { name: SecondProvider.LABEL });
    for (const text of ['A. Okafor', 'team-metals', 'added by you']) await card.getByText(text).waitFor();
  });

  it('adds the local account by its password, and stays where that is wrong', async () => {
    await addAnother(ada, /^a local account/);
    const dialog = ada.page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('grace');
    await dialog.getByLabel('Password').fill('not the password');
    await dialog.getByRole('button', { name: 'Add' }).click();
    await dialog
      .getByRole('alert')
      .getByText(/not right/)
      .waitFor();
    await dialog.getByLabel('Password').fill(OWN);
    await dialog.getByRole('button', { name: 'Add' }).click();
    await ada.page.getByText(/^Added\./).waitFor();
    await ada.page.getByRole('article', { name: 'a local account' }).getByText('grace', { exact: true }).waitFor();
    await shots(ada, 'account-three');
  });

  it('finds the same person and the same proposals by each of them', async () => {
    const [who, proposals] = [await person(ada), await names(ada)];
    expect(proposals).toContain('20260301');
    await signOut(ada);
    await signInThere(ada, OKAFOR);
    await ada.page.getByText('20260301').first().waitFor();
    expect([await person(ada), await names(ada)]).toEqual([who, proposals]);
    await signOut(ada);
    await signInHere(ada, OWN);
    await ada.page.getByText('20260301').first().waitFor();
    expect([await person(ada), await names(ada)]).toEqual([who, proposals]);
  });

  it('leaves a login with whom it is', async () => {
    const bo = await (await arrive()).signIn('bo');
    await openAccount(bo);
    await addAnother(bo, SecondProvider.LABEL);
    await chooseAt(bo.page, OKAFOR);
    await bo.page
      .getByRole('alert')
      .getByText(/another account of the portal.*Nothing was changed/)
      .waitFor();
    await shots(bo, 'account-refused');
    expect((await bo.get<AccountView>('/api/account')).ways).toHaveLength(1);
    await bo.leave();
  });

  it('removes the institute’s login after a question, and ends what was open with it', async () => {
    const there = await arrive();
    await signInThere(there, OKAFOR);
    await there.page.getByText('20260301').first().waitFor();
    await openAccount(ada);
    const card = ada.page.getByRole('article', { name: SecondProvider.LABEL });
    await card.getByRole('button', { name: /^Remove/ }).click();
    await ada.page
      .getByRole('dialog')
      .getByText(/is another account here/)
      .waitFor();
    await shots(ada, 'account-remove');
    await ada.page.getByRole('button', { name: 'Remove', exact: true }).click();
    await card.waitFor({ state: 'detached' });
    await there.page.getByText(/Your login session has ended/).waitFor();
    await signInThere(there, OKAFOR);
    await there.page.getByRole('heading', { name: /not authorised yet/ }).waitFor();
    expect(await person(there)).not.toBe(await person(ada));
    await there.leave();
  });

  it('makes a login hers that an administrator names, while her page is open', async () => {
    const words = ['link', '--person', (await person(ada)) ?? '', '--issuer', second.issuer, '--subject', LEA.subject];
    expect(identity(...words)).toMatchObject({ status: 0 });
    await ada.page.getByRole('article', { name: SecondProvider.LABEL }).getByText('added by the staff').waitFor();
    const lea = await arrive();
    await signInThere(lea, LEA);
    await lea.page.getByText('20260301').first().waitFor();
    expect(await person(lea)).toBe(await person(ada));
    await lea.leave();
  });

  it('asks to sign in again where that was a while ago', async () => {
    await ada.page.goto('/account');
    const stale = { ...(await ada.get<AccountView>('/api/account')), changesUntil: null };
    await ada.page.route('**/api/account', (route) => route.fulfill({ json: stale }));
    await ada.page.reload();
    await ada.page.getByRole('button', { name: 'Sign in again' }).waitFor();
    await shots(ada, 'account-again');
    await ada.page.unroute('**/api/account');
    await ada.page.getByRole('button', { name: 'Sign in again' }).click();
    const dialog = ada.page.getByRole('dialog');
    await dialog.getByLabel('Password').fill(OWN);
    await dialog.getByRole('button', { name: 'Sign in' }).click();
    await ada.page.getByRole('button', { name: 'Add another way to sign in' }).waitFor();
  });
});
