import { Browser, Page } from 'playwright-core';
import { Installation, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { Screen } from '../harness/screen';
import { TINY_SITE } from '../fixtures/tiny-site';

jest.setTimeout(300_000);

const PAGE = '/proposals?search=20260301';

/** More tabs than a browser opens HTTP/1.1 connections to one origin: every one must hear of every change. */
describe('eight tabs of one person', () => {
  let installation: Installation;
  let browser: Browser;
  let ada: Visitor;
  let tabs: Page[];

  beforeAll(async () => {
    installation = await Installation.start({ env: TINY_SITE, readyWithinMs: 600_000 });
    browser = await launchBrowser();
    ada = await (await Visitor.arrive(browser, installation)).signIn('ada');
    tabs = await Promise.all(Array.from({ length: 7 }, () => ada.context.newPage()));
    for (const tab of [...tabs, ada.page]) await tab.goto(PAGE);
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  const everyTab = (selector: (tab: Page) => ReturnType<Page['getByRole']>) =>
    Promise.all(tabs.map((tab) => selector(tab).waitFor({ timeout: 60_000 })));

  it('show the start and then Enter, though only one of them was clicked', async () => {
    await ada.page.getByRole('button', { name: 'Desktop for 20260301' }).click();
    await everyTab((tab) => tab.getByRole('link', { name: 'Enter the desktop of 20260301' }));
    await new Screen(ada.page).live(60_000);
  });

  it('are right again after the push connections were cut', async () => {
    installation.kill('front');
    await until(() => installation.ready(), 30_000, () => 'the front to answer again');
    const [desktop] = await ada.instances();
    expect((await ada.send('POST', `/api/instances/${desktop?.id}/stop`)).status()).toBe(200);
    await everyTab((tab) => tab.getByRole('button', { name: 'Desktop for 20260301' }));
  });

  it('all leave when one of them signs out, and the live desktop with them', async () => {
    await ada.page.goto(PAGE);
    await ada.page.getByRole('button', { name: 'Desktop for 20260301' }).click();
    await new Screen(ada.page).live(60_000);
    const [first] = tabs as [Page];
    await first.getByRole('button', { name: /Ada Okafor/ }).click();
    await first.getByRole('menuitem', { name: /Sign out/ }).click();
    await ada.page.waitForURL(/\/sign-in\?/, { timeout: 10_000 });
    await Promise.all(tabs.slice(1).map((tab) => tab.waitForURL(/\/sign-in\?/, { timeout: 10_000 })));
    expect((await ada.session()).user).toBeNull();
  });
});
