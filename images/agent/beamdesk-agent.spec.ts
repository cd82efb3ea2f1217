import {
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readlinkSync,
  readSync,
  statSync,
  utimesSync,
  closeSync,
  writeFileSync,
  constants,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AgentUnderTest, b64 } from './agent-harness';

const person = (name: string, proposal = '20260301', title = 'Strain'): string =>
  b64(
    JSON.stringify({ person: { id: 'demo|ada', name }, proposal: { key: `demo~${proposal}`, name: proposal, title } }),
  );

describe.each(['dash', 'busybox'] as const)('the guest agent under %s', (shell) => {
  let agent: AgentUnderTest;

  beforeEach(async () => {
    agent = new AgentUnderTest(shell);
    await agent.connect();
    await agent.line(/^hello 1 [0-9a-f-]{36}$/);
  });
  afterEach(() => agent.end());

  it('says hello at its start and when asked, and what the session does when it changes', async () => {
    agent.send('7 hello\n');
    await agent.line(/^hello 1 [0-9a-f-]{36}$/);
    await agent.line(/^ok 7$/);
    writeFileSync(join(agent.run, 'session.fifo'), 'up\n');
    await agent.line(/^session up$/);
    agent.send('8 hello\n');
    await agent.line(/^session up$/);
    writeFileSync(join(agent.run, 'session.fifo'), 'nonsense\nok 99\nstarting\n');
    // The watcher speaks about the session, so the answer to 8 may come before or after it.
    expect(await agent.line(/^(session|ok 99)/)).toBe('session starting');
  });

  it('is alive without being asked', async () => {
    await agent.line(/^alive$/);
    await agent.line(/^alive$/);
  });

  it('understands commands that come one byte at a time, and several in one piece', async () => {
    await agent.sendByBytes(`1 set-clock 1790000000\n2 person ${person('Ada Okafor')}\n`);
    expect(await agent.answer(1)).toBe('ok');
    expect(await agent.answer(2)).toBe('ok');
    agent.send('3 set-hostname desk-a\n4 set-hostname desk-b\n\n5 hel');
    expect(await agent.answer(3)).toBe('ok');
    expect(await agent.answer(4)).toBe('ok');
    agent.send('lo\n');
    expect(await agent.answer(5)).toBe('ok');
    expect(agent.calls()).toContainEqual(['date', '-s', '@1790000000']);
    expect(readFileSync(join(agent.folder, 'hostname'), 'utf8')).toBe('desk-b\n');
    expect(readFileSync(join(agent.folder, 'root/etc/hosts'), 'utf8')).toContain('127.0.1.1 desk-b\n');
  });

  it('outlives a host that goes away in the middle of a line, several times', async () => {
    for (let seq = 1; seq <= 3; seq++) {
      agent.send('90 power');
      await delay(60);
      agent.disconnect();
      await delay(300);
      await agent.connect();
      agent.send('\n');
      expect(await agent.ask(seq, 'set-hostname still-here')).toBe('ok');
    }
    expect(agent.calls().filter(([name]) => name === 'poweroff')).toEqual([]);
  });

  it('fails what it does not know and counts words', async () => {
    expect(await agent.ask(1, 'format-disk now')).toBe('fail: This agent does not know that command.');
    expect(await agent.ask(2, 'mount data')).toBe('fail: mount takes 3 words.');
    expect(await agent.ask(3, 'poweroff now')).toBe('fail: poweroff takes 0 words.');
    expect(await agent.ask(4, `person ${'A'.repeat(4200)}`)).toBe('fail: The line is longer than 4096 bytes.');
    expect(await agent.ask(5, 'person ****')).toBe('fail: The person is not base64.');
    expect(await agent.ask(6, `person ${b64('{"person":{}')}`)).toContain('fail: The person is not the JSON');
    expect(await agent.ask(7, 'set-clock 12;reboot')).toContain('fail: The time must be');
  });

  it('ignores lines that carry no number to answer to', async () => {
    agent.send('hello\nx1 poweroff\n1;2 poweroff\n\u00e91 poweroff\n12345678901 poweroff\n');
    expect(await agent.ask(1, 'set-hostname after')).toBe('ok');
    expect(agent.calls().filter(([name]) => name === 'poweroff')).toEqual([]);
  });

  it('takes hostile values as text, in files and in the environment', async () => {
    const name = `Ada'; touch pwned; '$(touch pwned)\`touch pwned\` "x" \\n *`;
    const title = `$HOME ' "two" \\ ; end`;
    expect(await agent.ask(1, `person ${person(name, 'MX/2415', title)}`)).toBe('ok');
    expect(
      agent.environment('BEAMDESK_PERSON', 'BEAMDESK_PROPOSAL', 'BEAMDESK_PROPOSAL_TITLE', 'BEAMDESK_DATA'),
    ).toEqual([name, 'MX/2415', title, '/data/MX_2415']);
    expect(JSON.parse(readFileSync(join(agent.run, 'person.json'), 'utf8'))).toMatchObject({ person: { name } });
    expect(await agent.ask(2, 'set-hostname $(touch${IFS}pwned)')).toBe('fail: Not a host name.');
    expect(await agent.ask(3, `set-timezone ${b64('Europe/../../../etc/passwd')}`)).toBe(
      'fail: Not the name of a time zone.',
    );
    expect(await agent.ask(4, 'mount `id` L2RhdGEveA== ro')).toBe('fail: Not a mount tag.');
    expect(await agent.ask(5, '*')).toContain('fail');
    expect(existsSync(join(agent.folder, 'pwned'))).toBe(false);
    expect(existsSync('pwned')).toBe(false);
  });

  it('keeps names beyond ASCII', async () => {
    expect(await agent.ask(1, `person ${person('Lucía Fernández 陈伟 🙂', '20260301', 'Li6PS5Cl – α')}`)).toBe('ok');
    expect(agent.environment('BEAMDESK_PERSON', 'BEAMDESK_PROPOSAL_TITLE')).toEqual([
      'Lucía Fernández 陈伟 🙂',
      'Li6PS5Cl – α',
    ]);
  });

  it('mounts below /data and /scratch only, read-only unless told, and a second time by remounting', async () => {
    const root = join(agent.folder, 'root');
    const options = 'trans=virtio,version=9p2000.L,msize=131072,nosuid,nodev';
    const place = '/data/a b $(x)';
    expect(await agent.ask(1, `mount data ${b64(place)} ro`)).toBe('ok');
    expect(await agent.ask(2, `mount scratch ${b64('/scratch')} rw`)).toBe('ok');
    expect(await agent.ask(3, `mount scratch ${b64('/scratch')} ro`)).toBe('ok');
    expect(await agent.ask(4, `remount ${b64('/scratch')} rw`)).toBe('ok');
    const calls = agent.calls().filter(([name]) => name === 'mount' || name === 'chown');
    expect(calls.filter((call) => !call.some((word) => word.endsWith('.fifo')))).toEqual([
      ['mount', '-t', '9p', '-o', `${options},ro`, 'data', `${root}${place}`],
      ['mount', '-t', '9p', '-o', `${options},rw`, 'scratch', `${root}/scratch`],
      ['chown', '1000:1000', `${root}/scratch`],
      ['mount', '-o', 'remount,ro', `${root}/scratch`],
      ['mount', '-o', 'remount,rw', `${root}/scratch`],
    ]);
    for (const path of [
      '/etc',
      '/data',
      '/data/',
      '/data/../etc',
      '/data/x/..',
      '/scratchy',
      'data/x',
      '/data/x\ny',
      '-',
    ]) {
      expect(await agent.ask(9, `mount data ${path === '-' ? '-' : b64(path)} ro`)).toContain(
        'fail: Shares are mounted below',
      );
    }
    expect(await agent.ask(10, `unmount ${b64('/scratch')}`)).toBe('ok');
    expect(await agent.ask(11, `unmount ${b64('/data/never')}`)).toBe('ok');
    expect(agent.calls().filter(([name]) => name === 'umount')).toEqual([['umount', `${root}/scratch`]]);
  });

  it('mounts what follows the person at its one place in the session’s home, made for the session', async () => {
    const root = join(agent.folder, 'root');
    expect(await agent.ask(1, `mount home ${b64('/home/user/Home')} rw`)).toBe('ok');
    const calls = agent.calls().filter(([name, , , , word]) => name === 'mount' || (name === 'chown' && !word));
    expect(calls.filter((call) => call.some((word) => word.includes('/Home')))).toEqual([
      ['chown', '1000:1000', `${root}/home/user/Home`],
      ['mount', '-t', '9p', '-o', 'trans=virtio,version=9p2000.L,msize=131072,nosuid,nodev,rw', 'home', `${root}/home/user/Home`],
      ['chown', '1000:1000', `${root}/home/user/Home`],
    ]);
    for (const path of ['/home/user', '/home/user/', '/home/user/Home/x', '/home/user/.config', '/home/user/Home2', '/home/other/Home']) {
      expect(await agent.ask(2, `mount home ${b64(path)} rw`)).toContain('fail: Shares are mounted below');
    }
  });

  it('mounts by virtiofs where it is told to, and by nothing it does not know', async () => {
    const place = join(agent.folder, 'root/data/p');
    expect(await agent.ask(1, `mount data ${b64('/data/p')} ro virtiofs`)).toBe('ok');
    expect(agent.calls().filter(([name]) => name === 'mount')).toEqual([['mount', '-t', 'virtiofs', '-o', 'nosuid,nodev,ro', 'data', place]]);
    expect(await agent.ask(2, `mount data ${b64('/data/q')} ro nfs4`)).toBe('fail: A share is 9p or virtiofs.');
    expect(await agent.ask(3, `mount data ${b64('/data/q')} ro 9p more`)).toBe('fail: mount takes 3 words.');
  });

  it('mounts by NFS read-only, once the image has made the way to the server', async () => {
    const root = join(agent.folder, 'root');
    const asked = `mount-nfs 10.0.2.100 ${b64('/export/a b')} ${b64('/data/p')}`;
    expect(await agent.ask(1, asked)).toBe('fail: This image cannot mount by NFS.');
    const hook = join(root, 'usr/lib/beamdesk/nfs');
    mkdirSync(dirname(hook), { recursive: true });
    writeFileSync(hook, '#!/bin/sh\necho This machine has no network card. >&2\nexit 1\n', { mode: 0o755 });
    expect(await agent.ask(2, asked)).toBe('fail: This machine has no network card.');
    expect(agent.calls().filter(([name]) => name === 'mount')).toEqual([]);
    writeFileSync(hook, '#!/bin/sh\n', { mode: 0o755 });
    expect(await agent.ask(3, asked)).toBe('ok');
    const options =
      'addr=10.0.2.100,clientaddr=10.0.2.15,vers=4.1,proto=tcp,softerr,timeo=100,retrans=2,acdirmin=3,acdirmax=10,nosuid,nodev,ro';
    expect(agent.calls().filter(([name]) => name === 'mount')).toEqual([
      ['mount', '-t', 'nfs4', '-o', options, '10.0.2.100:/export/a b', `${root}/data/p`],
    ]);
    expect(await agent.ask(4, `mount-nfs 10.0.2.100,port=22 ${b64('/x')} ${b64('/data/p')}`)).toBe('fail: Not an address.');
    expect(await agent.ask(5, `mount-nfs 10.0.2.100 ${b64('x')} ${b64('/data/p')}`)).toBe('fail: An export is an absolute path.');
    expect(await agent.ask(6, `mount-nfs 10.0.2.100 ${b64('/x')} ${b64('/etc')}`)).toContain('fail: Shares are mounted below');
  });

  it('has the kernel connect again to a server that was away, and to no other', async () => {
    const transports = ['xprt-switches/switch-0/xprt-0-tcp', 'xprt-switches/switch-1/xprt-2-tcp'].map((name) =>
      join(agent.folder, 'root/sys/kernel/sunrpc', name, 'dstaddr'),
    );
    expect(await agent.ask(1, 'nfs-again 10.0.2.100')).toBe('ok');
    for (const [at, path] of transports.entries()) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `10.0.2.10${at}\n`);
      utimesSync(path, 0, 0);
    }
    expect(await agent.ask(2, 'nfs-again 10.0.2.100')).toBe('ok');
    expect(transports.map((path) => readFileSync(path, 'utf8'))).toEqual(['10.0.2.100\n', '10.0.2.101\n']);
    expect(transports.map((path) => statSync(path).mtimeMs > 0)).toEqual([true, false]);
    expect(await agent.ask(3, 'nfs-again 10.0.2.100/24')).toBe('fail: Not an address.');
  });

  it('sets the time zone by a link and refuses one it does not know', async () => {
    expect(await agent.ask(1, `set-timezone ${b64('Europe/Paris')}`)).toBe('ok');
    expect(readlinkSync(join(agent.folder, 'root/etc/localtime'))).toBe('/usr/share/zoneinfo/Europe/Paris');
    expect(await agent.ask(2, `set-timezone ${b64('Moon/Tycho')}`)).toBe(
      'fail: This guest does not know that time zone.',
    );
  });

  it('wakes a session that waits for its person, once', async () => {
    const go = openSync(join(agent.run, 'go.fifo'), constants.O_RDONLY | constants.O_NONBLOCK);
    const buffer = Buffer.alloc(64);
    expect(() => readSync(go, buffer)).toThrow('EAGAIN');
    expect(await agent.ask(1, 'personalised')).toBe('ok');
    expect(await agent.ask(2, 'personalised')).toBe('ok');
    expect(buffer.toString('utf8', 0, readSync(go, buffer))).toBe('go\n');
    expect(() => readSync(go, buffer)).toThrow('EAGAIN');
    closeSync(go);
    expect(existsSync(join(agent.run, 'personalised'))).toBe(true);
  });

  it('answers before it powers off or restarts', async () => {
    expect(await agent.ask(1, 'reboot')).toBe('ok');
    expect(await agent.ask(2, 'poweroff')).toBe('ok');
    await delay(100);
    expect(agent.calls().slice(-2)).toEqual([['reboot'], ['poweroff']]);
  });

  it('leaves no process behind when it is killed', async () => {
    const pids = agent.pids();
    expect(pids.length).toBeGreaterThanOrEqual(3);
    agent.kill('SIGKILL');
    const alive = (): number[] => pids.slice(1).filter((pid) => existsSync(`/proc/${pid}`));
    const end = Date.now() + 5000;
    while (alive().length > 0 && Date.now() < end) await delay(50);
    expect(alive()).toEqual([]);
  });
});
