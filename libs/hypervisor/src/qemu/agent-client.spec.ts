import { Duplex } from 'node:stream';
import { aPersonalisation } from '../testing/machine-spec';
import { AgentClient } from './agent-client';
import { displayCommand, encodeText, parseAgentLine, personaliseCommands } from './agent-protocol';
import { GuestRefused } from './guest-refused';

const MACHINE = '4b1f3c52-0f0e-4b6c-9a51-0d0f6f6f2a11';

class FakeGuest extends Duplex {
  private heard = '';
  override _read(): void {
    // Pushed by hand.
  }
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.heard += chunk.toString('latin1');
    done();
  }
  say(...lines: string[]): void {
    for (const byte of Buffer.from(lines.map((line) => `${line}\n`).join(''))) this.push(Buffer.from([byte]));
  }
  /** The next full line from the host, as [number, words]. */
  async next(): Promise<[number, string]> {
    for (;;) {
      const line = /^(.*?)\n/.exec(this.heard);
      if (line) this.heard = this.heard.slice(line[0].length);
      if (line?.[1]) return [Number.parseInt(line[1], 10), line[1].replace(/^\d+ /, '')];
      if (!line) await new Promise((resolve) => setImmediate(resolve));
    }
  }
}

async function met(silenceMs = 1000): Promise<{ guest: FakeGuest; agent: AgentClient }> {
  const guest = new FakeGuest();
  const agent = new AgentClient(guest, silenceMs, 100);
  expect(await guest.next()).toEqual([100, 'hello']);
  guest.say('hello 1 boot-a', 'session starting', 'ok 100');
  await tick();
  return { guest, agent };
}

const tick = (ms = 5) => new Promise((resolve) => setTimeout(resolve, ms));

describe('the agent line by line', () => {
  it('follows the session', async () => {
    const { guest, agent } = await met();
    expect([agent.bootId, agent.session]).toEqual(['boot-a', 'starting']);
    const changed = jest.fn();
    agent.onChange = changed;
    guest.say('session up', 'alive', 'session up');
    await tick();
    expect(agent.session).toBe('up');
    expect(changed).toHaveBeenCalledTimes(1);
    agent.close();
  });

  it('takes a new boot for a new guest', async () => {
    const { guest, agent } = await met();
    guest.say('session up', 'hello 1 boot-b');
    await tick();
    expect([agent.bootId, agent.session]).toEqual(['boot-b', 'starting']);
    agent.close();
  });

  it('counts as lost after silence, and asks again when it speaks', async () => {
    const { guest, agent } = await met(40);
    guest.say('session up');
    await tick(80);
    expect([agent.bootId, agent.session]).toEqual([null, 'unknown']);
    guest.say('alive');
    const [seq, words] = await guest.next();
    expect(words).toBe('hello');
    guest.say('hello 1 boot-a', 'session up', `ok ${seq}`);
    await tick();
    expect(agent.session).toBe('up');
    agent.close();
  });

  it.each([
    ['noise', ['\x00\xff\x1b[2J', 'oks 101', 'ok 101 now', 'hello 2 x', 'hello 1 a b', 'session UP', 'fail 101 <b>']],
    ['an endless line', ['ok '.repeat(5000)]],
    ['an answer nobody waits for', ['ok 7', 'fail 9 eA==']],
  ])('is not moved by %s', async (_, lines) => {
    const { guest, agent } = await met();
    const asked = agent.command('set-clock 1', 2000);
    const [seq] = await guest.next();
    guest.say(...lines);
    await tick();
    expect([agent.bootId, agent.session]).toEqual(['boot-a', 'starting']);
    guest.say(`ok ${seq}`);
    await asked;
    agent.close();
  });

  it('tells all in order, and that it is somebody\'s only after all was confirmed', async () => {
    const { guest, agent } = await met();
    const mounts = [{ tag: 'data', guestPath: '/data/20260301', readOnly: true }];
    const told = agent.personalise({ id: MACHINE }, aPersonalisation({ mounts }), 2000, () => new Date(5000));
    const verbs: string[] = [];
    for (let words = ''; words !== 'personalised'; ) {
      const [seq, line] = await guest.next();
      words = line;
      verbs.push(words.split(' ')[0]);
      guest.say(`ok ${seq}`);
    }
    expect(await told).toBe('boot-a');
    expect(verbs).toEqual(['set-clock', 'identity', 'set-timezone', 'set-hostname', 'person', 'mount', 'personalised']);
    agent.close();
  });

  it('tells the password of a console that the guest serves before it is somebody\'s, and no error holds it', async () => {
    const { guest, agent } = await met();
    const told = agent.personalise({ id: MACHINE }, aPersonalisation({ consolePassword: 'sesame-of-ada' }), 2000);
    const lines: string[] = [];
    for (let words = ''; !words.startsWith('set-password '); lines.push(words)) {
      const [seq, line] = await guest.next();
      words = line;
      if (words.startsWith('set-password ')) guest.say(`fail ${seq} ${encodeText('no such user')}`);
      else guest.say(`ok ${seq}`);
    }
    expect(lines.at(-1)).toBe(`set-password ${Buffer.from('sesame-of-ada').toString('base64')}`);
    guest.say(`ok ${(await guest.next())[0]}`);
    const failure: unknown = await told.catch((error: unknown) => error);
    expect(failure).toMatchObject({ reason: 'agent-failed', detail: 'the guest says: no such user' });
    agent.close();
    await expect(agent.command(lines.at(-1) ?? '', 20)).rejects.toMatchObject({ detail: 'connection lost before set-password' });
  });

  it('gives up when the guest says no, reboots, is silent or goes', async () => {
    const { guest, agent } = await met();
    const no = agent.personalise({ id: MACHINE }, aPersonalisation(), 2000);
    guest.say(`fail ${(await guest.next())[0]} ${encodeText('no clock\nat all')}`);
    await expect(no).rejects.toMatchObject({ reason: 'agent-failed', detail: 'the guest says: no clock at all' });
    await expect(agent.command('hello', 20)).rejects.toMatchObject({ reason: 'agent-failed' });
    const waiting = agent.command('set-clock 1', 2000);
    guest.push(null);
    await expect(waiting).rejects.toMatchObject({ reason: 'agent-failed', detail: 'connection lost' });
    await expect(agent.command('hello', 20)).rejects.toMatchObject({ reason: 'agent-failed' });
  });

  it('tells a guest that says no from one that does not answer', async () => {
    const { guest, agent } = await met();
    const refused = agent.command(displayCommand({ width: 1600, height: 900 }), 2000);
    const [seq, words] = await guest.next();
    expect(words).toBe('set-display 1600 900');
    guest.say(`fail ${seq} ${encodeText('unknown command')}`);
    await expect(refused).rejects.toBeInstanceOf(GuestRefused);
    await expect(agent.command('set-display 1600 900', 20)).rejects.not.toBeInstanceOf(GuestRefused);
    expect(() => displayCommand({ width: 1600.5, height: 900 })).toThrow(/no size/);
    agent.close();
  });

  it('sends nothing that could be more than one line', async () => {
    const { agent } = await met();
    await expect(agent.command('set-clock 1\npoweroff', 50)).rejects.toMatchObject({ reason: 'agent-failed' });
    await expect(agent.command(`person ${'a'.repeat(4096)}`, 50)).rejects.toMatchObject({ reason: 'agent-failed' });
    expect(() => personaliseCommands(MACHINE, aPersonalisation({ hostname: 'a b' }), new Date())).toThrow(/host name/);
    const title = '🙂'.repeat(5000);
    const lines = personaliseCommands(MACHINE, aPersonalisation({ proposal: { key: 'k', name: 'n\nm', title } }), new Date());
    for (const line of lines) expect(line).toMatch(/^[\x20-\x7e]{1,4000}$/);
    agent.close();
  });

  it('reads free text as text', () => {
    expect(parseAgentLine('fail 3 -')).toEqual({ kind: 'fail', seq: 3, message: '' });
    expect(parseAgentLine(`fail 3 ${encodeText('é\u202E\x1b[0m')}`)).toEqual({ kind: 'fail', seq: 3, message: 'é  [0m' });
    expect(parseAgentLine('')).toBeNull();
  });
});
