import { Browser } from 'playwright-core';
import { TINY_SITE } from '../fixtures/tiny-site';
import { Cheat } from '../harness/cheat';
import { writeInstruction } from '../harness/guacamole-instructions';
import { Installation, until } from '../harness/installation';
import { Ledger } from '../harness/ledger';
import { Entry } from '../harness/page-diary';
import { launchBrowser } from '../harness/portal';
import { PortalClient } from '../harness/portal-client';
import { Seat } from '../harness/seat';
import { settledTemplates } from '../harness/templates';

jest.setTimeout(240_000);

const LIVE_MS = 20_000;
const KEY = writeInstruction('key', '97', '1');
const PING = writeInstruction('', 'ping', '1700000000000');

/** What the portal wrote down of the session that ended last. */
interface Ended {
  close_reason: string;
  /** What went on to guacd, as PostgreSQL gives large numbers. */
  bytes_from_client: string;
}

/** Ada's second program cheats, beside her own page on the same connection; Bo has a desktop of his own. */
describe('a client that has a ticket and cheats', () => {
  let installation: Installation;
  let ledger: Ledger;
  let browser: Browser;
  let ada: Seat;
  let bo: Seat;
  let heard: (() => Promise<Entry[]>)[];

  beforeAll(async () => {
    installation = await Installation.start({ env: TINY_SITE, readyWithinMs: 600_000 });
    ledger = new Ledger(installation);
    await settledTemplates(await PortalClient.signIn(installation.url, 'farid'), 180_000);
    browser = await launchBrowser();
    [ada, bo] = await Promise.all([Seat.take(browser, installation, 'ada'), Seat.take(browser, installation, 'bo')]);
    heard = await Promise.all([ada.listen(), bo.listen()]);
  });

  afterAll(async () => {
    await browser?.close();
    await installation?.remove();
  });

  afterEach(async () => {
    // Nobody else notices: neither the page that shares the connection nor a desktop beside it.
    await Promise.all([ada.expectLive(LIVE_MS), bo.expectLive(LIVE_MS)]);
    for (const hear of heard) expect(await hear()).toEqual([]);
  });

  const live = async (): Promise<number> => {
    const [row] = await ledger.query<{ count: string }>(
      'SELECT count(*) FROM desktop_session WHERE closed_at IS NULL AND instance_id = $1',
      [ada.desktop.id],
    );
    return Number(row?.count);
  };

  /** Lets a program in, has it cheat, and gives how it was closed and what is in the books about it. */
  const cheat = async (act: (program: Cheat) => void) => {
    const program = await Cheat.enter(ada.client, await ada.client.ticket(ada.desktop.id));
    expect(await live()).toBe(2);
    act(program);
    const close = await program.closedWithin(10_000);
    await until(
      async () => (await live()) === 1,
      5_000,
      () => 'the session to be closed in the books',
    );
    const [ended] = await ledger.query<Ended>(
      'SELECT close_reason, bytes_from_client FROM desktop_session WHERE closed_at IS NOT NULL ORDER BY closed_at DESC LIMIT 1',
    );
    return { close, ended };
  };

  it.each<[string, string[], number, number, string]>([
    [
      'an instruction that is too long',
      [writeInstruction('key', '9'.repeat(9_000))],
      1009,
      0x30d,
      'INSTRUCTION_TOO_LONG',
    ],
    ['too many elements', [writeInstruction('key', ...Array<string>(200).fill('1'))], 1009, 0x30d, 'TOO_MANY_ELEMENTS'],
    ['a frame that is too long', [KEY.repeat(16_000)], 1009, 0x30d, 'FRAME_TOO_LONG'],
    ['a hostile length', ['3.key,999999999.1;'], 1002, 0x300, 'BAD_INSTRUCTION'],
    ['half an instruction', ['3.key,2.97,1'], 1002, 0x300, 'PARTIAL_INSTRUCTION'],
    [
      'a forged id of a tunnel',
      [writeInstruction('', 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6')],
      1002,
      0x300,
      'INTERNAL_INSTRUCTION',
    ],
    ['an internal opcode behind a key', [`${KEY}${writeInstruction('', 'kill')}`], 1002, 0x300, 'INTERNAL_INSTRUCTION'],
    ['a new choice of where to connect', [writeInstruction('select', 'vnc')], 1008, 0x303, 'OPCODE_NOT_ALLOWED'],
    ['what only guacd says', [writeInstruction('error', 'x', '519')], 1008, 0x303, 'OPCODE_NOT_ALLOWED'],
    ['10,000 pings', Array<string>(10_000).fill(PING), 1008, 0x31d, 'PING_FLOOD'],
  ])('is cut off for %s', async (_, frames, code, status, word) => {
    const { close, ended } = await cheat((program) => program.send(...frames));
    expect(close).toEqual({ code, reason: String(status) });
    expect(ended).toEqual({ close_reason: word, bytes_from_client: '0' });
  });

  it('is cut off for bytes where text belongs', async () => {
    const { close, ended } = await cheat((program) => program.send(Buffer.from(KEY)));
    expect([close, ended?.close_reason]).toEqual([{ code: 1003, reason: String(0x30f) }, 'BINARY_FRAME']);
  });

  it('is cut off for 10,000 pings of the websocket', async () => {
    const { close, ended } = await cheat((program) => program.ping(10_000));
    expect([close, ended?.close_reason]).toEqual([{ code: 1008, reason: String(0x31d) }, 'PING_FLOOD']);
  });

  it('reaches nothing with what it sends after the close', async () => {
    const { close, ended } = await cheat((program) =>
      program.send(writeInstruction('select', 'vnc'), ...Array<string>(1_000).fill(KEY)),
    );
    expect(close).toEqual({ code: 1008, reason: String(0x303) });
    expect(ended).toEqual({ close_reason: 'OPCODE_NOT_ALLOWED', bytes_from_client: '0' });
  });

  it('counts input that is honest, or the zeros above would mean nothing', async () => {
    const { ended } = await cheat((program) => program.send(KEY, writeInstruction('select', 'vnc')));
    expect(ended).toEqual({ close_reason: 'OPCODE_NOT_ALLOWED', bytes_from_client: String(KEY.length) });
  });

  it('does not get in twice with one ticket', async () => {
    const ticket = await ada.client.ticket(ada.desktop.id);
    const first = await Cheat.enter(ada.client, ticket);
    await expect(Cheat.enter(ada.client, ticket)).rejects.toThrow(/1008 769/);
    first.send(writeInstruction('select', 'vnc'));
    expect((await first.closedWithin(10_000)).code).toBe(1008);
  });
});
