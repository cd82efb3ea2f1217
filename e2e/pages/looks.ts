import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PortalClient } from '../harness/portal-client.ts';
import { filled } from './pages.ts';
import type { Places, PortalPage } from './pages.ts';

export type Scheme = 'light' | 'dark';

/** How wide a page is looked at, CSS pixels, with the height that goes with it. */
export const SIZES: readonly { width: number; height: number }[] = [
  { width: 360, height: 740 },
  { width: 768, height: 1024 },
  { width: 1440, height: 900 },
];

/** Chromium as the journeys have it; without their test runner, so that a command can have it too. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env['BEAMDESK_CHROMIUM'] ?? '/usr/bin/chromium',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu', '--disable-background-networking', '--no-first-run'],
  });
}

/** Browser profiles of the people who look at pages, each signed in once. */
export class Looks {
  private readonly contexts = new Map<string, Promise<BrowserContext>>();
  private readonly browser: Browser;
  private readonly url: string;
  private readonly places: Places;

  constructor(browser: Browser, url: string, places: Places) {
    this.browser = browser;
    this.url = url;
    this.places = places;
  }

  /** The page in a tab of its own, when everything on it is there; close it when you are done. */
  async open({ address, as, desktop }: PortalPage, scheme: Scheme, size: (typeof SIZES)[number]): Promise<Page> {
    const context = await this.contextOf(as);
    const page = await context.newPage();
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' });
    await page.setViewportSize(size);
    await page.goto(filled(address, this.places));
    await page.locator(desktop ? 'canvas' : 'h1').first().waitFor({ timeout: 60_000 });
    // Lists come after the heading; the push connection never rests, so the network can't tell.
    await page.waitForFunction(
      () => !document.querySelector('main .bd-skeleton, main [aria-busy="true"], main mat-progress-bar'),
      null,
      { timeout: 30_000 },
    );
    await page.evaluate(() => document.fonts.ready.then(() => undefined));
    return page;
  }

  private contextOf(as: PortalPage['as']): Promise<BrowserContext> {
    const name = as ?? 'nobody';
    const known = this.contexts.get(name);
    if (known) return known;
    const made = this.browser.newContext({ baseURL: this.url }).then(async (context) => {
      if (as !== null) await context.addCookies((await PortalClient.signIn(this.url, as)).cookies);
      return context;
    });
    this.contexts.set(name, made);
    return made;
  }
}
