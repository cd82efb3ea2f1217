import { rmSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import type { InstanceView } from '@beamdesk/contracts';
import { makeRdpSite } from '../fixtures/rdp-site';
import { stereoTone } from '../fixtures/tone';
import { GuestFiles } from '../harness/guest-files';
import { heard, keepSound, shareOfTone } from '../harness/heard-sound';
import { Installation, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { PortalClient } from '../harness/portal-client';
import { Rgb, Screen } from '../harness/screen';

const TERMINAL: Rgb = [255, 255, 255];
const MIDDLE = [700, 400] as const;
const BOOT_MS = 300_000;
const PICTURE_MS = 60_000;
const RATE = 44_100;
const SECONDS = 3;
const [LEFT, RIGHT] = [440, 1000];

jest.setTimeout(600_000);

const site = makeRdpSite();
let installation: Installation;
let browser: Browser;
let ada: Visitor;
let instance: InstanceView;
let screen: Screen;

beforeAll(async () => {
  installation = await Installation.start({ env: site.env, readyWithinMs: 900_000 });
  const client = await PortalClient.signIn(installation.url, 'ada');
  const answer = await client.launch((await client.proposalKeys()).find((key) => key.endsWith('20260304')) ?? '');
  if (!answer.ok) throw new Error(answer.body.message);
  const ready = async () => (await client.instances()).find(({ state }) => state === 'READY');
  instance = await until(ready, BOOT_MS, () => 'READY');
  const files = new GuestFiles(client, instance.id);
  expect((await files.send('/scratch/tone.raw', stereoTone(SECONDS, [LEFT, RIGHT]))).status).toBe(201);
  browser = await launchBrowser();
  ada = await (await Visitor.arrive(browser, installation)).signIn('ada');
  screen = await open(ada.page);
}, 1_500_000);

afterAll(async () => {
  await browser?.close();
  await installation?.remove();
  rmSync(site.folder, { recursive: true, force: true });
});

async function open(page: Page): Promise<Screen> {
  await keepSound(page);
  await page.goto(`/desktop/${instance.id}`);
  const shown = new Screen(page);
  await shown.live(PICTURE_MS);
  await shown.waitForShare(TERMINAL, 0.15, PICTURE_MS);
  await shown.click(...MIDDLE);
  return shown;
}

const mute = (page: Page) => page.getByRole('button', { name: 'Mute' });
const playTone = () => screen.type('pacat --raw --rate=44100 --channels=2 --format=s16le /scratch/tone.raw');

/** Waits for as many seconds of the tone, and looks whether it is that on either side. */
async function hearsTone(page: Page): Promise<void> {
  let sides: number[][] = [[], []];
  const loud = (samples: number[]) => samples.filter((sample) => Math.abs(sample) > 0.001).length;
  const whole = async () => {
    const { rate, channels } = await heard(page);
    if (channels.length > 0) expect([rate, channels.length]).toEqual([RATE, 2]);
    sides = sides.map((samples, side) => samples.concat(channels[side] ?? []));
    return loud(sides[0] ?? []) > RATE * (SECONDS - 0.5);
  };
  await until(whole, PICTURE_MS, () => `${SECONDS} s of sound; heard ${loud(sides[0] ?? []) / RATE} s`);
  const [left = [], right = []] = sides;
  expect(shareOfTone(left, RATE, LEFT)).toBeGreaterThan(0.9);
  expect(shareOfTone(right, RATE, RIGHT)).toBeGreaterThan(0.9);
}

describe('the sound of a desktop that is shown by RDP', () => {
  it('is heard in the page, either side by itself, and can be muted from then on', async () => {
    expect(await mute(ada.page).count()).toBe(0);
    await playTone();
    await hearsTone(ada.page);
    await mute(ada.page).waitFor();
  });

  it('is heard in a second tab of the same connection too, while the first is muted', async () => {
    const tab = await ada.context.newPage();
    await open(tab);
    await ada.page.bringToFront();
    await mute(ada.page).click();
    await heard(ada.page);
    await screen.click(...MIDDLE);
    await playTone();
    await hearsTone(tab);
    expect((await heard(ada.page)).channels).toEqual([]);
    await tab.close();
  });
});
