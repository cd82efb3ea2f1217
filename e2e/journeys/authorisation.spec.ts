import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { EditableSite } from '../fixtures/editable-site';
import { Installation, until } from '../harness/installation';
import { launchBrowser, Visitor } from '../harness/portal';
import { Screen } from '../harness/screen';

jest.setTimeout(300_000);

const WHY = 'I am to measure with Ada in March.';
/** A list is asked for again every 15 s. */
const HEARD_MS = 40_000;

/** Eve, who is authorised for nothing, and those who let her in, refuse her and take it back; each in a page that stays. */
describe('being let in', () => {
  const site = new EditableSite();
  let installation: Installation;
  let browser: Browser;
  let eve: Visitor;
  let dana: Visitor;
  let chen: Visitor;

  beforeAll(async () => {
    installation = await Installation.start({ env: (url) => site.env(url), readyWithinMs: 600_000 });
    browser = await launchBrowser();
    [eve, dana, chen] = [await arrive(), await arrive(), await arrive()];
    const farid = await (await arrive()).signIn('farid');
    await dana.signIn('dana');
    await chen.signIn('chen');
    await farid.page.goto('/people');
    await farid.page.getByRole('button', { name: 'Change Staff of Dana Moreau' }).click();
    await dialog(farid.page).getByRole('checkbox', { name: 'ID11' }).check();
    await send(farid.page, 'Looks after ID11.', 'Change');
    await farid.page.getByRole('button', { name: 'Grant a role to Chen Wei' }).click();
    await dialog(farid.page).getByRole('combobox').selectOption('STAFF');
    await dialog(farid.page).getByRole('checkbox', { name: 'BM18' }).check();
    await send(farid.page, 'Looks after BM18.', 'Grant');
    await farid.page.getByText('of BM18').waitFor();
    await farid.leave();
  }, 900_000);

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
    site.remove();
  });

  const arrive = () => Visitor.arrive(browser, installation);
  const dialog = (page: Page) => page.getByRole('dialog');
  async function send(page: Page, reason: string, button: string): Promise<void> {
    await dialog(page).getByRole('textbox', { name: /Why\?|A word/ }).fill(reason);
    await dialog(page).getByRole('button', { name: button, exact: true }).click();
    await dialog(page).waitFor({ state: 'hidden' });
  }
  /** The very document that is there now, however its address changes. */
  const mark = (page: Page) => page.evaluate(() => void Object.assign(window, { stayed: true }));
  const stayed = (page: Page) => page.evaluate(() => Reflect.get(window, 'stayed') === true);
  const ask = async () => {
    await eve.page.getByLabel('Where do you work?').fill('Lund University');
    await eve.page.getByLabel('Why do you need the portal?').fill(WHY);
    await eve.page.getByLabel('Beamline, if you know it').selectOption({ label: 'ID11' });
    await eve.page.getByRole('button', { name: 'Send the request' }).click();
    await eve.page.getByText('Your request is with the staff').waitFor();
  };

  it('tells Eve that she is not authorised, and takes her request', async () => {
    await eve.comeIn('eve');
    await eve.page.getByRole('heading', { name: 'You are signed in, but not authorised yet' }).waitFor();
    expect((await eve.request.get('/api/proposals')).status()).toBe(403);
    await dana.page.goto('/people/requests');
    await dana.page.getByText('Nobody waits for a decision.').waitFor();
    await chen.page.goto('/people/requests');
    await mark(eve.page);
    await mark(dana.page);
    await ask();
  });

  it('shows it to staff of that beamline in the page they have open, and to no others', async () => {
    await dana.page.getByText(WHY).waitFor({ timeout: HEARD_MS });
    expect(await stayed(dana.page)).toBe(true);
    await chen.page.reload();
    await chen.page.getByText('Nobody waits for a decision.').waitFor();
    expect(await chen.page.getByText(WHY).count()).toBe(0);
  });

  it('is refused with a text that she reads in the page she has open, and asks again', async () => {
    await dana.page.getByRole('button', { name: 'Refuse Eve Novak' }).click();
    await send(dana.page, 'Which proposal is it for?', 'Refuse');
    await eve.page.getByText('Which proposal is it for?').waitFor();
    expect(await stayed(eve.page)).toBe(true);
    await ask();
  });

  it('goes on by itself once she is let in, to the conditions and the proposals', async () => {
    await dana.page.getByRole('button', { name: 'Let in Eve Novak' }).click({ timeout: HEARD_MS });
    await send(dana.page, 'Welcome.', 'Let in');
    await eve.page.getByRole('button', { name: /read and accept/ }).waitFor();
    expect(await stayed(eve.page)).toBe(true);
    await eve.acceptConditions();
    await eve.page.waitForURL('**/proposals');
    expect((await eve.proposals()).total).toBe(0);
  });

  it('launches a desktop of the proposal that she becomes a member of', async () => {
    site.admit('eve', 'Eve Novak', '20260301');
    installation.kill('api');
    await until(
      async () => (await installation.ready()) && (await eve.proposals().catch(() => null))?.total === 1,
      120_000,
      () => 'the proposal',
    );
    await eve.page.goto('/proposals');
    await eve.page.getByRole('button', { name: 'Desktop for 20260301' }).click();
    await until(async () => (await eve.instances())[0]?.state === 'READY', 120_000, () => 'READY');
    await new Screen(eve.page).live(60_000);
    expect(installation.machinePids()).toHaveLength(1);
    await mark(eve.page);
  });

  it('ends session and desktop when the role is taken back, and her page says why', async () => {
    await dana.page.goto('/people');
    await dana.page.getByRole('searchbox').fill('eve');
    await dana.page.getByRole('button', { name: 'Search', exact: true }).click();
    await dana.page.getByRole('button', { name: 'Take back User of Eve Novak' }).click();
    await send(dana.page, 'The beamtime was moved to May.', 'Take back');
    await eve.page.waitForURL('**/not-authorised');
    await eve.page.getByText('The beamtime was moved to May.').waitFor();
    await eve.page.getByText(/by Dana Moreau/).waitFor();
    expect(await stayed(eve.page)).toBe(true);
    expect(await eve.page.getByTestId('remote-display').count()).toBe(0);
    expect((await eve.request.get('/api/instances')).status()).toBe(403);
    await until(() => installation.machinePids().length === 0, 60_000, () => 'the machine to end');
    await dana.page.getByRole('button', { name: 'No longer' }).click();
    await dana.page.getByText(/taken back on/).waitFor();
    await dana.page.locator('summary', { hasText: 'History' }).click();
    await dana.page.getByText('Role ended: User').waitFor();
  });

  describe('by an invitation', () => {
    let link: string;

    it('gets a link that is shown once', async () => {
      await dana.page.goto('/people/invitations');
      await dana.page.getByRole('button', { name: 'Invite somebody …' }).click();
      await dialog(dana.page).getByLabel('For whom').fill('Eve Novak');
      await dialog(dana.page).getByRole('textbox', { name: /Why\?/ }).fill('May it is.');
      await dialog(dana.page).getByRole('button', { name: 'Make the link' }).click();
      await dialog(dana.page).getByRole('button', { name: 'Copy the link' }).click();
      await dialog(dana.page).getByText('Copied.').waitFor();
      link = await dana.page.evaluate(() => navigator.clipboard.readText());
      await dialog(dana.page).getByRole('button', { name: 'Done' }).click();
      await dana.page.getByText('One invitation is open.').waitFor();
      expect(await dana.page.content()).not.toContain(new URL(link).hash.slice(1));
    });

    it('follows it, signs in, sees what is offered by whom, and is let in', async () => {
      const elsewhere = await arrive();
      await elsewhere.page.goto(link);
      await elsewhere.page.getByRole('link', { name: /^Sign in with UmbrellaID/ }).waitFor();
      expect(elsewhere.page.url()).toBe(`${installation.url}/invitation`);
      await elsewhere.page.getByRole('link', { name: /^Sign in with UmbrellaID/ }).click();
      await elsewhere.page.getByRole('button', { name: /Eve Novak/ }).click();
      await elsewhere.page.getByText('May it is.').waitFor();
      await elsewhere.page.getByText('Dana Moreau').first().waitFor();
      await elsewhere.page.getByRole('button', { name: 'Accept as Eve Novak' }).click();
      await elsewhere.page.waitForURL('**/proposals');
      // Her other page has heard of it too.
      await eve.page.waitForURL('**/proposals');
      await elsewhere.leave();
    });

    it('is good once, and its code stands in no log', async () => {
      await chen.page.goto(link);
      await chen.page.getByText('This invitation was accepted already').waitFor();
      await dana.page.getByRole('button', { name: 'Closed' }).click();
      await dana.page.getByText(/by Eve Novak/).waitFor();
      const code = new URL(link).hash.slice(1);
      expect(code).toHaveLength(32);
      const grep = (what: string) => spawnSync('grep', ['-rlF', '-e', what, join(installation.dataDir, 'logs')]).status;
      expect([grep('/api/auth/invitation'), grep(code)]).toEqual([0, 1]);
      expect(installation.printed).not.toContain(code);
    });
  });
});
