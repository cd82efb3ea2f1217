import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { TINY_SITE } from '../fixtures/tiny-site';
import { Installation } from '../harness/installation';
import { launchBrowser } from '../harness/portal';
import { tabThrough } from '../pages/keyboard';
import { Looks, SIZES } from '../pages/looks';
import { furnish, PAGES } from '../pages/pages';

jest.setTimeout(120_000);

/** Every page: for a screen reader and weak eyes (axe), on the smallest screen, and without a mouse. */
describe('every page', () => {
  let installation: Installation;
  let browser: Browser;
  let looks: Looks;

  beforeAll(async () => {
    installation = await Installation.start({ env: TINY_SITE, readyWithinMs: 900_000 });
    browser = await launchBrowser();
    looks = new Looks(browser, installation.url, await furnish(installation.url));
  }, 1_200_000);
  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  const [small, , large] = SIZES as [(typeof SIZES)[number], (typeof SIZES)[number], (typeof SIZES)[number]];

  /** What axe calls serious or critical: rule, and where. */
  async function faults(page: Page): Promise<string[]> {
    const { violations } = await new AxeBuilder({ page }).analyze();
    return violations
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target.join(' ')}: ${failureSummary ?? ''}`));
  }

  async function expectFits(page: Page): Promise<void> {
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide).toBeLessThanOrEqual(0);
  }

  it.each(PAGES)('$name: nothing serious for axe, fits, and Tab reaches all of it and shows where one is', async (one) => {
    const page = await looks.open(one, 'light', large);
    expect(await faults(page)).toEqual([]);
    await expectFits(page);
    if (!one.desktop) expect(await tabThrough(page)).toEqual({ unreached: [], unseen: [] });
    await page.close();
  });

  it.each(PAGES)('$name: nothing serious for axe on a telephone in the dark, and fits', async (one) => {
    const page = await looks.open(one, 'dark', small);
    expect(await faults(page)).toEqual([]);
    await expectFits(page);
    await page.close();
  });
});
