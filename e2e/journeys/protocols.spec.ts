import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Browser, Page } from 'playwright-core';
import type { InstanceView } from '@beamdesk/contracts';
import { makeProtocolsSite } from '../fixtures/protocols-site';
import { randomWord } from '../fixtures/words';
import { Installation, processes, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { PortalClient } from '../harness/portal-client';
import { Rgb, Screen } from '../harness/screen';
import { settledTemplates } from '../harness/templates';

/** What the desktop images draw where no window lies, and what their terminal is like; see images/README.md. */
const BACKGROUND: Rgb = [47, 93, 115];
const TERMINAL: Rgb = [255, 255, 255];
const RED: Rgb = [205, 0, 0];
const MIDDLE = [700, 400] as const;
/** From before the first character in the terminal to behind the last one of its third line. */
const FIRST_THREE_LINES = [
  [345, 153],
  [1160, 191],
] as const;
const BOOT_MS = 300_000;
const PICTURE_MS = 60_000;
/** Three lines, so that a break that is lost, or doubled, shows. */
const TEXT = 'Grüße aus Köln\nzweite Zeile: ÄÖÜ ß €\nund Æ';

jest.setTimeout(600_000);

/** In the page: keeps its connection to the desktop where a test finds it. */
function keepTunnel(): void {
  const Original = window.WebSocket;
  window.WebSocket = class extends Original {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      if (String(url).includes('ticket=')) Object.assign(window, { tunnel: this });
    }
  };
}

const site = makeProtocolsSite();
let installation: Installation;
let browser: Browser;
let ada: Visitor;

beforeAll(async () => {
  installation = await Installation.start({ env: site.env, readyWithinMs: 900_000 });
  const admin = await PortalClient.signIn(installation.url, 'farid');
  browser = await launchBrowser();
  ada = await (await Visitor.arrive(browser, installation)).signIn('ada');
  await ada.page.addInitScript(keepTunnel);
  // The second image is made while the portal is open already.
  const scattering = async () => (await ada.proposals('?search=20260304')).items[0]?.plan?.id === 'scattering';
  await until(scattering, 900_000, () => 'the plan of the RDP image to be offered');
  const bothReady = async () => (await settledTemplates(admin, BOOT_MS)).length === 2;
  await until(bothReady, BOOT_MS, () => 'both templates');
}, 1_800_000);

afterAll(async () => {
  await browser?.close();
  await installation?.remove();
  rmSync(site.folder, { recursive: true, force: true });
});

describe.each([
  { protocol: 'vnc', proposal: '20260301', shownBy: /^127\.0\.0\.1:\d+,password=on$/ },
  { protocol: 'rdp', proposal: '20260304', shownBy: /^user,id=net,restrict=on,ipv6=off,hostfwd=tcp:127\.0\.0\.1:\d+-:3389$/ },
])('a desktop that is shown by $protocol', ({ protocol, proposal, shownBy }) => {
  let instance: InstanceView;
  let screen: Screen;
  const words = { kept: randomWord() };

  const scratchFile = (name: string): string | null => {
    const root = join(installation.dataDir, 'scratch');
    const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(`/${name}`));
    return found ? join(root, found) : null;
  };
  const filled = async (name: string): Promise<string> => {
    const path = await until(() => scratchFile(name), 60_000, () => `${name} in scratch`);
    return until(() => readFileSync(path, 'utf8').trim(), 30_000, () => `${name} to hold something`);
  };
  /** Types a command whose output goes to a file of scratch; gives what it holds then. */
  const answerTo = async (command: string, on = screen): Promise<string> => {
    const name = `${randomWord()}.txt`;
    await on.type(`${command} > /scratch/${name}`);
    return filled(name);
  };
  /** Puts a file where the guest sees it in /scratch. */
  const putIntoScratch = (name: string, content: string): void => {
    const [beside] = readdirSync(join(installation.dataDir, 'scratch'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.includes(proposal) && path.endsWith('.txt'));
    if (!beside) throw new Error(`nothing in the scratch of ${proposal} yet`);
    writeFileSync(join(installation.dataDir, 'scratch', dirname(beside), name), content, { mode: 0o644 });
  };
  const open = async (page: Page): Promise<Screen> => {
    const shown = new Screen(page);
    await shown.live(PICTURE_MS);
    await shown.waitForShare(BACKGROUND, 0.2, PICTURE_MS);
    return shown;
  };

  it('starts as a copy by one click, and its live picture is the desktop and no sign-in', async () => {
    await ada.page.goto(`/proposals?search=${proposal}`);
    await ada.page.getByRole('button', { name: `Desktop for ${proposal}` }).click();
    instance = await until(async () => (await ada.instances()).find((one) => one.state === 'READY'), BOOT_MS, () => 'READY');
    expect(instance).toMatchObject({ proposalName: proposal, launch: { path: 'clone' } });
    screen = await open(ada.page);
    await screen.waitForShare(TERMINAL, 0.15, PICTURE_MS);
    const pid = installation.machines().get(instance.id);
    const argv = processes().find((one) => one.pid === pid)?.argv ?? [];
    const card = argv.indexOf(protocol === 'vnc' ? '-vnc' : '-netdev');
    expect(argv[card + 1]).toMatch(shownBy);
  });

  it('takes what is typed', async () => {
    await screen.click(...MIDDLE);
    const word = randomWord();
    expect(await answerTo(`echo ${word}`)).toBe(word);
    await screen.type(`kept=${words.kept}`);
  });

  it('goes on as it was after the page was loaded anew', async () => {
    await ada.page.reload();
    screen = await open(ada.page);
    await screen.click(...MIDDLE);
    expect(await answerTo('echo $kept')).toBe(words.kept);
  });

  it('is one live connection for two tabs, and both may type', async () => {
    const joined = () => readFileSync(join(installation.dataDir, 'logs/bridge.log'), 'utf8').split('"joined":true').length;
    const before = joined();
    const tab = await ada.context.newPage();
    await tab.goto(`/desktop/${instance.id}`);
    const second = await open(tab);
    expect(joined()).toBe(before + 1);
    putIntoScratch('red.sh', `printf '\\033[41m\\033[2J\\033[H'\n`);
    putIntoScratch('plain.sh', `printf '\\033[0m\\033[2J\\033[H'\n`);
    await second.click(...MIDDLE);
    await second.type('sh /scratch/red.sh');
    await Promise.all([screen, second].map((each) => each.waitForShare(RED, 0.15, PICTURE_MS)));
    await tab.close();
    await ada.page.bringToFront();
    await screen.click(...MIDDLE);
    const word = randomWord();
    expect(await answerTo(`echo ${word}`)).toBe(word);
    await screen.type('sh /scratch/plain.sh');
    await screen.waitForShare(TERMINAL, 0.15, PICTURE_MS);
  });

  if (protocol === 'rdp') {
    it('takes the size that its live connection asks for', async () => {
      await ada.page.evaluate(() => (window as unknown as { tunnel: WebSocket }).tunnel.send('4.size,4.1504,3.846;'));
      const taken = async () => (await screen.size()).width === 1504;
      await until(taken, PICTURE_MS, () => 'the picture to be 1504 pixels wide');
      expect(await screen.size()).toEqual({ width: 1504, height: 846 });
      await screen.click(...MIDDLE);
      // The guest's own word for it.
      expect(await answerTo('xrandr | grep current')).toContain('current 1504 x 846,');
    });
  }

  it('takes a text of several lines with umlauts by the clipboard', async () => {
    await ada.page.evaluate((text) => navigator.clipboard.writeText(text), TEXT);
    await screen.click(...MIDDLE);
    const name = `${randomWord()}.txt`;
    await screen.type(`grep -m3 . > /scratch/${name}`);
    const path = await until(() => scratchFile(name), 30_000, () => 'grep to wait for its input');
    await ada.page.keyboard.press('Shift+Insert');
    const pasted = await until(
      async () => {
        await ada.page.keyboard.press('Enter');
        return readFileSync(path, 'utf8').trim();
      },
      30_000,
      () => 'the pasted text',
    );
    expect(pasted).toBe(TEXT);
  });

  it('gives a text of several lines with umlauts by the clipboard', async () => {
    putIntoScratch('text.txt', `${TEXT}\n`);
    await ada.page.evaluate(() => navigator.clipboard.writeText('nothing yet'));
    const shown = `${randomWord()}.txt`;
    await screen.type(`clear; cat /scratch/text.txt; touch /scratch/${shown}`);
    await until(() => scratchFile(shown), 30_000, () => 'the text on the screen');
    let copied = '';
    await until(
      async () => {
        await screen.drag(...FIRST_THREE_LINES);
        // Longer than a multi-click, or the next one would select words instead.
        await pause(2000);
        copied = await ada.page.evaluate(() => navigator.clipboard.readText());
        return copied !== 'nothing yet';
      },
      30_000,
      () => 'the text of the guest in the clipboard of the browser',
    );
    expect(copied.trimEnd()).toBe(TEXT);
  });

  it('ends with Stop: nothing of it is left, and quota is back', async () => {
    await ada.page.goto(`/proposals?search=${proposal}`);
    await ada.page.getByRole('button', { name: `Stop the desktop of ${proposal}` }).click();
    await ada.page.getByRole('dialog').getByRole('button', { name: 'Stop the desktop' }).click();
    await until(async () => (await ada.quota()).usage.machines === 0, 60_000, () => 'the quota to be free');
    expect(installation.machineFolders()).toEqual([]);
    expect(installation.machinePids()).toEqual([]);
  });
});
