import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Browser, Page } from 'playwright-core';
import type { InstanceView } from '@beamdesk/contracts';
import { makeAnalysisSite } from '../fixtures/analysis-site';
import { TINY_SITE } from '../fixtures/tiny-site';
import { randomWord } from '../fixtures/words';
import { Installation, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { PortalClient } from '../harness/portal-client';
import { Screen } from '../harness/screen';
import { readyTemplates } from '../harness/templates';

jest.setTimeout(600_000);

const BOOT_MS = 300_000;
/** An emulated guest on a busy host draws everything anew. */
const FOLLOW_MS = 60_000;
/** What a guest may round a side down by. */
const ROUNDING = 8;
/** A point of the terminal that is open from the start; see images/README.md. */
const TERMINAL = [700, 300] as const;
const BACKGROUND = [47, 93, 115] as const;

describe("the desktop's screen", () => {
  const site = makeAnalysisSite();
  let installation: Installation;
  let browser: Browser;
  let ada: Visitor;
  let copy: InstanceView;

  beforeAll(async () => {
    installation = await Installation.start({ env: site.env, readyWithinMs: 900_000 });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
    rmSync(site.folder, { recursive: true, force: true });
  });

  const display = (page: Page) => page.getByTestId('remote-display');

  async function choose(page: Page, name: string): Promise<void> {
    await page.getByRole('button', { name: /^Picture: / }).click();
    await page.getByRole('menuitemradio', { name }).click();
  }

  /** The guest's screen takes the size of the stage in pixels of the screen, and is drawn pixel for pixel. */
  async function follows(page: Page): Promise<{ width: number; height: number }> {
    const screen = new Screen(page);
    let seen = '';
    await until(
      async () => {
        const { width, height } = await screen.size();
        const [stageWidth, stageHeight, scale] = await display(page).evaluate((stage) => {
          const [canvas] = [...stage.querySelectorAll('canvas')].sort((a, b) => b.width - a.width);
          const drawn = canvas ? canvas.getBoundingClientRect().width / canvas.width : 0;
          return [stage.clientWidth, stage.clientHeight, drawn].map((value) => value * devicePixelRatio);
        });
        seen = `${width}x${height} on ${stageWidth}x${stageHeight}, drawn ${scale}`;
        const spare = [(stageWidth ?? 0) - width, (stageHeight ?? 0) - height];
        return spare.every((side) => side >= 0 && side <= ROUNDING) && Math.abs((scale ?? 0) - 1) < 0.001;
      },
      FOLLOW_MS,
      () => `the screen to fill the stage; it is ${seen}`,
    );
    return screen.size();
  }

  /** What the guest itself says of its screen, e.g. "1096 x 651". */
  async function guestSays(page: Page): Promise<string | undefined> {
    const name = randomWord();
    const screen = new Screen(page);
    await screen.click(...TERMINAL);
    await screen.type(`xrandr | head -1 > /scratch/${name}.txt`);
    const scratch = join(installation.dataDir, 'scratch');
    const text = await until(
      () => {
        const path = readdirSync(scratch, { recursive: true, encoding: 'utf8' }).find((one) =>
          one.endsWith(name + '.txt'),
        );
        return path && readFileSync(join(scratch, path), 'utf8');
      },
      FOLLOW_MS,
      () => 'what xrandr says',
    );
    return /current (\d+ x \d+),/.exec(text)?.[1];
  }

  async function follow(page: Page, width: number, height: number): Promise<void> {
    await page.setViewportSize({ width, height });
    const screen = await follows(page);
    expect(await guestSays(page)).toBe(`${screen.width} x ${screen.height}`);
    await isDrawnWhole(page, screen);
  }

  /** The background is there along the upper edge, where no window is: new memory of a screen is black at first. */
  async function isDrawnWhole(page: Page, { width }: { width: number }): Promise<void> {
    const points = [4, width / 2, width - 4].flatMap((x) => [2, 40, 80].map((y) => [Math.round(x), y] as const));
    const drawn = async () => (await new Screen(page).coloursAt(points)).every((rgb) => String(rgb) === String(BACKGROUND));
    await until(drawn, FOLLOW_MS, () => 'the background along the upper edge');
  }

  it('is the same in a booted desktop until its person wants it to match the window, and then follows', async () => {
    const bo = await (await Visitor.arrive(browser, installation)).signIn('bo');
    const { items } = await bo.proposals();
    const { key } = items.find(({ name }) => name === '20260302') ?? { key: '' };
    const launched = (await (
      await bo.send('PUT', `/api/proposals/${key}/services/desktop`, {})
    ).json()) as InstanceView;
    await bo.page.goto(`/desktop/${launched.id}`);
    await new Screen(bo.page).live(BOOT_MS);
    expect((await bo.instances())[0]?.launch?.path).toBe('cold');
    expect(await new Screen(bo.page).size()).toEqual({ width: 1280, height: 800 });
    await choose(bo.page, 'Match my window');
    await follows(bo.page);
    await follow(bo.page, 1120, 720);
    expect((await bo.send('DELETE', `/api/instances/${launched.id}`)).status()).toBe(200);
    await bo.leave();
  });

  it('follows the window in a copy too, smaller and larger', async () => {
    const admin = await PortalClient.signIn(installation.url, 'farid');
    await readyTemplates(admin, ['desktop-analysis'], BOOT_MS);
    ada = await (await Visitor.arrive(browser, installation)).signIn('ada');
    await ada.page.goto('/proposals?search=20260301');
    await ada.page.getByRole('button', { name: 'Desktop for 20260301' }).click();
    await new Screen(ada.page).live(BOOT_MS);
    [copy] = (await ada.instances()) as [InstanceView];
    expect(copy.launch?.path).toBe('clone');
    await choose(ada.page, 'Match my window');
    await follows(ada.page);
    await follow(ada.page, 1000, 640);
    await follow(ada.page, 1680, 1050);
  });

  it('takes the room of the toolbar when that is hidden, and remembers all that after a reload', async () => {
    const { height } = await follows(ada.page);
    await ada.page.getByRole('button', { name: 'Hide the toolbar' }).click();
    expect((await follows(ada.page)).height).toBeGreaterThan(height);
    await ada.page.reload();
    await new Screen(ada.page).live(60_000);
    await ada.page.setViewportSize({ width: 1440, height: 900 });
    expect((await follows(ada.page)).height).toBeLessThan(900);
    await ada.page.getByRole('button', { name: 'Picture: Match' }).waitFor();
  });

  it('belongs to the window that was turned to last, and the other one does not answer', async () => {
    const asked: string[] = [];
    ada.page.on('request', (request) => request.url().endsWith('/display') && asked.push(request.postData() ?? ''));
    const before = await new Screen(ada.page).size();
    const dense = await browser.newContext({
      baseURL: installation.url,
      viewport: { width: 900, height: 600 },
      deviceScaleFactor: 2,
      storageState: await ada.context.storageState(),
    });
    const second = await dense.newPage();
    await second.goto(`/desktop/${copy.id}`);
    await new Screen(second).live(60_000);
    const { width, height } = await follows(second);
    expect(width).toBeGreaterThan(1800 - ROUNDING - 1);
    await until(
      async () => (await new Screen(ada.page).size()).height === height,
      FOLLOW_MS,
      () => 'the first window to show the screen of the second one',
    );
    await ada.page.waitForTimeout(3_000);
    expect(asked).toEqual([]);
    expect(await new Screen(second).size()).toEqual({ width, height });
    await ada.page.evaluate(() => window.dispatchEvent(new Event('focus')));
    expect(await follows(ada.page)).toEqual(before);
    await dense.close();
  });

  it('stays as it is once the picture is fitted again', async () => {
    const before = await new Screen(ada.page).size();
    await choose(ada.page, 'Fit');
    await ada.page.setViewportSize({ width: 1000, height: 640 });
    await ada.page.waitForTimeout(3_000);
    expect(await new Screen(ada.page).size()).toEqual(before);
  });
});

describe('a guest that cannot change its screen', () => {
  let installation: Installation;
  let browser: Browser;

  beforeAll(async () => {
    installation = await Installation.start({ env: TINY_SITE, readyWithinMs: 600_000 });
    browser = await launchBrowser();
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  it('is said in words, and its picture is fitted', async () => {
    const { page } = await (await Visitor.arrive(browser, installation)).signIn('ada');
    await page.goto('/proposals?search=20260301');
    await page.getByRole('button', { name: 'Desktop for 20260301' }).click();
    await new Screen(page).live(60_000);
    await page.getByRole('button', { name: 'Picture: Fit' }).click();
    await page.getByRole('menuitemradio', { name: 'Match my window' }).click();
    await page.getByText('cannot change the size of its screen').waitFor({ timeout: 20_000 });
    await page.getByRole('button', { name: 'Picture: Fit' }).waitFor();
  });
});
