import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Browser, Page } from 'playwright-core';
import type { InstanceView } from '@beamdesk/contracts';
import { makeProtocolsSite } from '../fixtures/protocols-site';
import { randomWord } from '../fixtures/words';
import { ALTGR, GermanKeyboard } from '../harness/german-keyboard';
import { GuestFiles } from '../harness/guest-files';
import { Installation, processes, until } from '../harness/installation';
import { choosePicture, filledWindow } from '../harness/picture-choice';
import { launchBrowser, Visitor } from '../harness/portal';
import { PortalClient } from '../harness/portal-client';
import { Scratch } from '../harness/scratch';
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
/** What a German keyboard types, with AltGr as each of three browsers tells of it. */
const GERMAN = [
  ['äöüßÄÖÜ@€z/y?{[]}\\|~', ALTGR.linux],
  ['z@€{[]}\\|~y', ALTGR.windows],
  ['Z@€{[]}\\|~Y', ALTGR.ctrlAlt],
] as const;
const UPLOAD_BYTES = 5_000_000;
/** guacd's word of how large a picture is. */
const PICTURE_SIZE = /4\.size,1\.0,\d+\.\d+,\d+\.\d+;/;

jest.setTimeout(600_000);

const site = makeProtocolsSite();
let installation: Installation;
let browser: Browser;
let ada: Visitor;

beforeAll(async () => {
  installation = await Installation.start({ env: site.env, readyWithinMs: 900_000 });
  const admin = await PortalClient.signIn(installation.url, 'farid');
  browser = await launchBrowser();
  ada = await (await Visitor.arrive(browser, installation)).signIn('ada');
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
  let scratch: Scratch;
  const kept = randomWord();

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
    scratch = new Scratch(installation.dataDir, proposal);
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
    expect(await scratch.answerTo(screen, `echo ${word}`)).toBe(word);
    await screen.type(`kept=${kept}`);
  });

  it('goes on as it was after the page was loaded anew', async () => {
    await ada.page.reload();
    screen = await open(ada.page);
    await screen.click(...MIDDLE);
    expect(await scratch.answerTo(screen, 'echo $kept')).toBe(kept);
  });

  if (protocol === 'rdp') {
    it('is drawn also when the word of its size is lost, which guacd 1.3 now and then says too early', async () => {
      await ada.page.goto('about:blank');
      const tab = await ada.context.newPage();
      let lost = 0;
      await tab.routeWebSocket(/ticket=/, (page) => {
        const server = page.connectToServer();
        server.onMessage((message) => {
          const rest = String(message).replace(PICTURE_SIZE, () => {
            lost++;
            return '';
          });
          if (rest) page.send(rest);
        });
      });
      await tab.goto(`/desktop/${instance.id}`);
      const shown = await open(tab);
      // None: it was lost already.
      expect([0, 1]).toContain(lost);
      await filledWindow(tab, PICTURE_MS);
      await shown.waitForShare(TERMINAL, 0.15, PICTURE_MS);
      await tab.close();
      await ada.page.goto(`/desktop/${instance.id}`);
      screen = await open(ada.page);
    });
  }

  it('is one live connection for two tabs, and both may type', async () => {
    const joined = () => readFileSync(join(installation.dataDir, 'logs/bridge.log'), 'utf8').split('"joined":true').length;
    const before = joined();
    const tab = await ada.context.newPage();
    await tab.goto(`/desktop/${instance.id}`);
    const second = await open(tab);
    expect(joined()).toBe(before + 1);
    scratch.put('red.sh', `printf '\\033[41m\\033[2J\\033[H'\n`);
    scratch.put('plain.sh', `printf '\\033[0m\\033[2J\\033[H'\n`);
    await second.click(...MIDDLE);
    await second.type('sh /scratch/red.sh');
    await Promise.all([screen, second].map((each) => each.waitForShare(RED, 0.15, PICTURE_MS)));
    await tab.close();
    await ada.page.bringToFront();
    await screen.click(...MIDDLE);
    const word = randomWord();
    expect(await scratch.answerTo(screen, `echo ${word}`)).toBe(word);
    await screen.type('sh /scratch/plain.sh');
    await screen.waitForShare(TERMINAL, 0.15, PICTURE_MS);
  });

  it('types what a German keyboard types', async () => {
    const keyboard = await GermanKeyboard.of(ada.page);
    await screen.click(...MIDDLE);
    const name = `${randomWord()}.txt`;
    await screen.type(`cat > /scratch/${name}`);
    await scratch.appeared(name);
    for (const [text, altGr] of GERMAN) {
      await keyboard.type(text, altGr);
      await ada.page.keyboard.press('Enter');
    }
    expect(await scratch.lines(name, GERMAN.length)).toEqual(GERMAN.map(([text]) => text));
    await ada.page.keyboard.press('Control+d');
  });

  it('has the size of the window where that is wanted, and follows it', async () => {
    await ada.page.setViewportSize({ width: 1440, height: 900 });
    await choosePicture(ada.page, 'Match my window');
    await filledWindow(ada.page, PICTURE_MS);
    await ada.page.setViewportSize({ width: 1360, height: 860 });
    const { width, height } = await filledWindow(ada.page, PICTURE_MS);
    await screen.click(...MIDDLE);
    // The guest's own word for it.
    expect(await scratch.answerTo(screen, 'xrandr')).toContain(`current ${width} x ${height},`);
    // It is remembered for the next desktop, which is to start like this one.
    await choosePicture(ada.page, 'Fit');
  });

  it('takes a file and gives it back', async () => {
    const files = new GuestFiles(await PortalClient.signIn(installation.url, 'ada'), instance.id);
    const content = randomBytes(UPLOAD_BYTES);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const sent = await files.send('/scratch/Überlauf 1.bin', content);
    expect(sent).toMatchObject({ status: 201, body: { name: 'Überlauf 1.bin', size: UPLOAD_BYTES } });
    expect(readFileSync(await scratch.appeared('Überlauf 1.bin')).equals(content)).toBe(true);
    expect(await files.receive('/scratch/Überlauf 1.bin')).toMatchObject({ status: 200, bytes: UPLOAD_BYTES, sha256 });
  });

  it('takes a text of several lines with umlauts by the clipboard', async () => {
    await ada.page.evaluate((text) => navigator.clipboard.writeText(text), TEXT);
    await screen.click(...MIDDLE);
    const name = `${randomWord()}.txt`;
    await screen.type(`grep -m3 . > /scratch/${name}`);
    const path = await scratch.appeared(name);
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
    scratch.put('text.txt', `${TEXT}\n`);
    await ada.page.evaluate(() => navigator.clipboard.writeText('nothing yet'));
    const shown = `${randomWord()}.txt`;
    await screen.type(`clear; cat /scratch/text.txt; touch /scratch/${shown}`);
    await scratch.appeared(shown);
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
