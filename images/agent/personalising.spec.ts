import { existsSync, mkdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AgentUnderTest, b64 } from './agent-harness';

const person = b64(JSON.stringify({ person: { id: 'a', name: 'Ada' }, proposal: { key: 'k', name: 'p', title: 't' } }));
const identity = '0123456789abcdef0123456789abcdef';

/** Waits until the thing is so; a job in the background has no answer to wait for. */
async function until(so: () => boolean): Promise<void> {
  const end = Date.now() + 10_000;
  while (!so()) {
    if (Date.now() > end) throw new Error('it never came so');
    await delay(20);
  }
}

describe.each(['dash', 'busybox'] as const)('making a copy somebody’s, under %s', (shell) => {
  let agent: AgentUnderTest;
  let root: string;
  const text = (path: string): string => readFileSync(join(root, path), 'utf8');
  const made = (name: string): string[][] => agent.calls().filter(([program]) => program === name);

  beforeEach(async () => {
    agent = new AgentUnderTest(shell);
    root = join(agent.folder, 'root');
    for (const path of ['etc/ssh', 'var/lib/dbus', 'var/lib/systemd', 'usr/share/X11/xkb/symbols', 'tmp/.X11-unix']) {
      mkdirSync(join(root, path), { recursive: true });
    }
    writeFileSync(join(root, 'usr/share/X11/xkb/symbols/ch'), 'xkb_symbols "fr" {};\n');
    await agent.connect();
    await agent.line(/^hello 1 [0-9a-f-]{36}$/);
  });
  afterEach(() => agent.end());

  it('answers everything that is sent at once in order, whatever takes longer and whatever fails', async () => {
    const lines = [
      'set-clock 1790000000',
      `identity ${identity}`,
      `set-timezone ${b64('Europe/Paris')}`,
      'set-hostname desk-a',
      `person ${person}`,
      `mount slow ${b64('/data/p')} ro`,
      `mount bad ${b64('/scratch')} rw`,
      'set-hostname -',
      `mount fine ${b64('/data/p/more')} ro`,
      'personalised',
    ];
    agent.send(lines.map((line, at) => `${at + 1} ${line}\n`).join(''));
    const answers: string[] = [];
    for (let at = 0; at < lines.length; at++) {
      const [word, seq, message] = (await agent.line(/^(ok|fail) /)).split(' ');
      answers.push(`${word} ${seq} ${Buffer.from(message ?? '', 'base64').toString()}`.trim());
    }
    expect(answers).toEqual([
      ...['ok 1', 'ok 2', 'ok 3', 'ok 4', 'ok 5', 'ok 6', 'fail 7 no such share', 'fail 8 Not a host name.'],
      ...['ok 9', 'ok 10'],
    ]);
    expect(readFileSync(join(agent.folder, 'mounts'), 'utf8').trim().split('\n')).toEqual([
      `x ${root}/data/p 9p`,
      `x ${root}/data/p/more 9p`,
    ]);
    expect(agent.environment('BEAMDESK_PERSON')).toEqual(['Ada']);
    // Where the clock is set by the guest's own zone, that zone's change beside it puts the clock an hour wrong.
    expect(readFileSync(join(agent.folder, 'zone'), 'utf8')).toBe('UTC0');
  });

  it('keeps the order of two commands about the same thing', async () => {
    mkdirSync(join(root, 'usr/share/zoneinfo/Asia'), { recursive: true });
    writeFileSync(join(root, 'usr/share/zoneinfo/Asia/Tokyo'), '');
    agent.send(`1 set-timezone ${b64('Europe/Paris')}\n2 set-timezone ${b64('Asia/Tokyo')}\n`);
    expect(await agent.answer(2)).toBe('ok');
    expect(readlinkSync(join(root, 'etc/localtime'))).toBe('/usr/share/zoneinfo/Asia/Tokyo');
  });

  it('refuses words that are not base64, however they are not', async () => {
    for (const word of ['A', 'AA', 'AAA', '====', 'A===', 'QQ=Q', 'Q=Q=', 'QUJDR', '-Q==', 'QUI*', 'QQpC']) {
      expect(await agent.ask(1, `set-timezone ${word}`)).toContain('fail');
      expect(await agent.ask(2, `mount data ${word} ro`)).toContain('fail');
    }
    expect(made('mount')).toEqual([]);
  });

  it('decodes every byte of a path', async () => {
    const bytes = Array.from({ length: 255 }, (_, at) => at + 1).filter((byte) => byte > 31 && byte !== 127);
    for (const length of [1, 2, 3]) {
      const path = Buffer.concat([
        Buffer.from('/data/'),
        Buffer.from(bytes.filter((byte) => byte !== 47)).subarray(length),
      ]);
      expect(await agent.ask(length, `mount data ${path.toString('base64')} ro`)).toBe('ok');
      const mounts = readFileSync(join(agent.folder, 'calls'));
      expect(mounts.includes(Buffer.concat([Buffer.from(root), path]))).toBe(true);
    }
  });

  it('gives the machine an id, and once it is somebody’s a key of its own', async () => {
    expect(await agent.ask(1, 'identity 0123')).toBe('fail: An identity is 32 hex digits.');
    expect(await agent.ask(2, `identity ${identity}0`)).toBe('fail: An identity is 32 hex digits.');
    expect(await agent.ask(3, `identity ${identity.slice(1)}g`)).toBe('fail: An identity is 32 hex digits.');
    expect(await agent.ask(4, `identity ${identity}`)).toBe('ok');
    expect([text('etc/machine-id'), text('var/lib/dbus/machine-id')]).toEqual([`${identity}\n`, `${identity}\n`]);
    expect(await agent.ask(5, `identity ${identity}`)).toBe('ok');
    expect(made('ssh-keygen')).toEqual([]);
    expect(await agent.ask(6, 'personalised')).toBe('ok');
    await until(() => existsSync(join(root, 'var/lib/beamdesk/identity')));
    const key = text('etc/ssh/ssh_host_ed25519_key');
    expect(text('etc/ssh/ssh_host_ed25519_key.pub')).toBe(key.replace('key', 'public'));
    expect(readFileSync(join(root, 'var/lib/systemd/random-seed'))).toHaveLength(512);

    const other = identity.replaceAll('0', 'f');
    expect(await agent.ask(7, `identity ${other}`)).toBe('ok');
    await until(() => text('var/lib/beamdesk/identity') === `${other}\n`);
    expect(text('etc/ssh/ssh_host_ed25519_key')).not.toBe(key);
    expect(await agent.ask(8, `identity ${other}`)).toBe('ok');
    await delay(300);
    expect(made('ssh-keygen')).toHaveLength(2);
  });

  it('sets the keyboard of the X server that runs, once, and notes it for the next', async () => {
    expect(await agent.ask(1, `set-keyboard ${b64('ch(fr)')}`)).toBe('ok');
    expect(made('setxkbmap')).toEqual([]);
    expect(readFileSync(join(agent.run, 'keyboard'), 'utf8')).toBe('ch(fr)\n');
    writeFileSync(join(root, 'tmp/.X11-unix/X0'), '');
    expect(await agent.ask(2, `set-keyboard ${b64('ch')}`)).toBe('ok');
    expect(await agent.ask(3, `set-keyboard ${b64('ch(fr)')}`)).toBe('ok');
    expect(await agent.ask(4, `set-keyboard ${b64('ch(fr)')}`)).toBe('ok');
    await until(() => made('setxkbmap').length > 1);
    expect(made('setxkbmap').sort()).toEqual([
      ['setxkbmap', '-layout', 'ch', '-variant', ''],
      ['setxkbmap', '-layout', 'ch', '-variant', 'fr'],
    ]);
    expect(await agent.ask(5, `set-keyboard ${b64('ch(wrong)')}`)).toBe(
      'fail: This guest does not know that keyboard.',
    );
    expect(await agent.ask(6, `set-keyboard ${b64('xx')}`)).toBe('fail: This guest does not know that keyboard.');
    for (const name of [
      '',
      '../ch',
      'ch(',
      'ch(fr',
      'ch)',
      'ch(fr)x',
      'ch(fr)(de)',
      '$(touch x)',
      'ch -display',
      '-',
    ]) {
      expect(await agent.ask(7, `set-keyboard ${b64(name)}`)).toBe('fail: Not the name of a keyboard.');
    }
  });

  it('settles: nothing of its own stays, and what is written later is in memory until somebody has the machine', async () => {
    writeFileSync(join(root, 'etc/machine-id'), `${identity}\n`);
    writeFileSync(join(root, 'etc/hostname'), 'template\n');
    mkdirSync(join(root, 'usr/lib/beamdesk'), { recursive: true });
    const hook = `#!/bin/sh\necho '${agent.folder}/freeze' > '${agent.run}/frozen'\n`;
    writeFileSync(join(root, 'usr/lib/beamdesk/settle'), hook, { mode: 0o755 });
    expect(await agent.ask(1, 'settle')).toBe('ok');
    expect(await agent.ask(2, 'settle')).toBe('ok');
    expect(text('etc/machine-id')).toBe('');
    expect(readlinkSync(join(root, 'etc/machine-id'))).toBe(join(agent.run, 'etc/machine-id'));
    expect(made('sync').length).toBe(2);

    agent.send(
      `3 identity ${identity}\n4 set-timezone ${b64('Europe/Paris')}\n5 set-hostname desk-a\n6 personalised\n`,
    );
    expect(await agent.answer(6)).toBe('ok');
    expect([text('etc/machine-id'), text('etc/hostname')]).toEqual([`${identity}\n`, 'desk-a\n']);
    await until(() => existsSync(join(root, 'var/lib/beamdesk/identity')));
    expect(readFileSync(join(agent.folder, 'freeze'), 'utf8')).toBe('0\n');
    expect(() => readlinkSync(join(root, 'etc/machine-id'))).toThrow('EINVAL');
    expect(readlinkSync(join(root, 'etc/localtime'))).toBe('/usr/share/zoneinfo/Europe/Paris');
    expect([text('etc/machine-id'), text('etc/hostname')]).toEqual([`${identity}\n`, 'desk-a\n']);
    expect(await agent.ask(7, 'settle')).toBe('fail: This machine is somebody’s already.');

    // Laid over the kernel's once, however often the identity is told; the agent goes on naming the machine by the kernel's.
    const [own] = readFileSync(join(agent.run, 'own-boot-id'), 'utf8').split('\n');
    expect(own).toMatch(/^[0-9a-f-]{36}$/);
    expect(own).not.toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim());
    expect(await agent.ask(8, `identity ${identity.replace('0', 'f')}`)).toBe('ok');
    const bound = ['mount', '-o', 'bind', join(agent.run, 'own-boot-id'), '/proc/sys/kernel/random/boot_id'];
    expect(made('mount')).toEqual([bound]);
    expect(readFileSync(join(agent.run, 'settled'), 'utf8')).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8'));
  });
});
