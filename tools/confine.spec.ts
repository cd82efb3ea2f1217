import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, openSync, closeSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const confine = join(__dirname, 'confine.sh');
const root = process.getuid?.() === 0;
const ids = ['--uid', '64107', '--gid', '64107'];

function run(...args: string[]) {
  return spawnSync(confine, args, { encoding: 'utf8' });
}

const state = (pid: number) => {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/.*\) /s, '').charAt(0);
  } catch {
    return null;
  }
};

async function ended(pid: number, withinMs = 3000): Promise<boolean> {
  for (const end = Date.now() + withinMs; Date.now() < end; await delay(20)) {
    if ([null, 'Z', 'X'].includes(state(pid))) return true;
  }
  return false;
}

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'confine '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('confine.sh', () => {
  it('runs the command in the process it was started as, so that signals reach it', async () => {
    const child = spawn(confine, [...ids, '--', 'sleep', '600'], { stdio: 'ignore' });
    for (const end = Date.now() + 3000; Date.now() < end; await delay(20)) {
      if (readFileSync(`/proc/${child.pid}/cmdline`, 'utf8') === 'sleep\x00600\x00') break;
    }
    expect(readFileSync(`/proc/${child.pid}/cmdline`, 'utf8')).toBe('sleep\x00600\x00');
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[1]).toBe('SIGTERM');
  });

  it('passes words, exit code and umask on unchanged', () => {
    const done = run(...ids, '--', 'sh', '-c', 'printf "%s|" "$@"; umask; exit 7', 'sh', 'a b', '--ro', "'", '');
    expect(done.stdout).toMatch(/^a b\|--ro\|'\|\|0*22\n$/);
    expect(done.status).toBe(7);
  });

  async function parentKilled(options: string[]): Promise<{ parent: ChildProcess; pid: number }> {
    const script = `require('node:child_process').spawn(process.argv[1], process.argv.slice(2),
      { stdio: ['ignore', 'inherit', 'inherit'] }); setInterval(() => {}, 1000)`;
    const command = [...ids, ...options, '--', 'sh', '-c', 'echo $$; exec sleep 600'];
    const parent = spawn(process.execPath, ['-e', script, confine, ...command], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    return { parent, pid: Number(line.toString()) };
  }

  it('ends with its parent when asked to, even by SIGKILL', async () => {
    const { pid } = await parentKilled(['--die-with-parent']);
    expect(await ended(pid)).toBe(true);
  });

  it('outlives its parent otherwise', async () => {
    const { pid } = await parentKilled([]);
    expect(await ended(pid, 300)).toBe(false);
    process.kill(pid, 'SIGKILL');
  });
});

const asRoot = () => {
  it('holds no privilege and cannot get one back', () => {
    const { stdout } = run(...ids, '--groups', '64120,64121', '--', 'sh', '-c', 'id -u; id -G; cat /proc/self/status');
    expect(stdout).toMatch(/^64107\n64107 64120 64121\n/);
    for (const set of ['Inh', 'Prm', 'Eff', 'Bnd', 'Amb']) expect(stdout).toMatch(new RegExp(`Cap${set}:\\s0{16}\\n`));
    expect(stdout).toMatch(/NoNewPrivs:\s1\n/);
    expect(run(...ids, '--', 'setpriv', '--reuid', '0', 'true').status).not.toBe(0);
    expect(run(...ids, '--', 'cat', '/etc/shadow').stdout).toBe('');
  });

  it('has a command take its own ids for others, with no right gained, no child left, and nothing else told', async () => {
    chmodSync(folder, 0o755);
    const [mine, other] = ['mine', 'other'].map((name) => join(folder, name));
    for (const [path, gid] of [[mine, 64120], [other, 64121]] as const) {
      writeFileSync(path, 'of the group');
      chownSync(path, 64107, gid);
      chmodSync(path, 0o640);
    }
    const seen = ['--groups', '64120,64121', '--ro', folder, '--try-seen-as', '1000:1001', '64120'];
    const script = `stat -c '%u %g' "$1" "$2"; cat "$1" "$2"; echo; cat /proc/self/status; umask; exit 7`;
    const { stdout, status } = run(...ids, ...seen, '--', 'sh', '-c', script, 'sh', mine, other);
    // The other group is nobody's to it, and still opens the file: the kernel goes by the real ids.
    expect(stdout).toMatch(/^1000 1001\n1000 65534\nof the groupof the group\n/);
    for (const set of ['Inh', 'Prm', 'Eff', 'Amb']) expect(stdout).toMatch(new RegExp(`Cap${set}:\\s0{16}\\n`));
    expect(stdout).toMatch(/\n0*22\n$/);
    expect(status).toBe(7);
    expect(run(...ids, ...seen, '--', 'cat', '/etc/shadow').stdout).toBe('');
    const child = spawn(confine, [...ids, ...seen, '--', 'sleep', '600'], { stdio: 'ignore' });
    const words = () => readFileSync(`/proc/${child.pid}/cmdline`, 'utf8');
    for (const end = Date.now() + 10_000; Date.now() < end && words() !== 'sleep\x00600\x00'; ) await delay(20);
    expect(words()).toBe('sleep\x00600\x00');
    expect(readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8')).toBe('');
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[1]).toBe('SIGTERM');
  });

  it('shows nothing but what was named', () => {
    writeFileSync(join(folder, 'hidden'), 'x');
    const { stdout } = run(...ids, '--', 'sh', '-c', 'ls /; ls -A /tmp; test -e /root; echo $?');
    const seen = stdout.trim().split('\n');
    expect(seen).toEqual(expect.arrayContaining(['bin', 'dev', 'etc', 'proc', 'tmp', 'usr']));
    for (const other of ['root', 'home', 'var', 'sys', 'run', 'boot', '.host']) expect(seen).not.toContain(other);
    expect(seen.at(-1)).toBe('1');
  });

  it('reaches named folders below a closed one: the first read-only, the second for writing', () => {
    chmodSync(folder, 0o700);
    const [read, write] = ['to read', 'to write'].map((name) => join(folder, name));
    mkdirSync(read, { mode: 0o777 });
    mkdirSync(write);
    chmodSync(read, 0o777);
    chmodSync(write, 0o777);
    writeFileSync(join(read, 'file'), 'content');
    const script = 'cat "$1/file"; touch "$1/new" 2>/dev/null; echo $?; touch "$2/new"; echo $?; ls -A "$3"';
    const { stdout } = run(...ids, '--ro', read, '--rw', write, '--', 'sh', '-c', script, 'sh', read, write, folder);
    expect(stdout).toBe('content1\n0\nto read\nto write\n');
  });

  it('shows a folder that was named after what lies in it', () => {
    chmodSync(folder, 0o755);
    const inner = join(folder, 'inner');
    writeFileSync(inner, 'content');
    const args = [...ids, '--rw', inner, '--ro', folder, '--', 'sh', '-c', 'cat "$1"; touch "$1" 2>&1', 'sh', inner];
    expect(run(...args).stdout).toMatch(/^contenttouch: .*(Read-only file system|Permission denied)/);
  });

  it('shows the folder a descriptor stands for, and closes that descriptor', () => {
    const shown = join(folder, 'shown');
    mkdirSync(shown);
    writeFileSync(join(shown, 'file'), 'right');
    const [descriptor, other] = [openSync(shown, 'r'), openSync('/dev/null', 'r')];
    const script = 'cat /data/file; for f in 3 4; do test -e /proc/self/fd/$f; echo $?; done; touch /data/x 2>&1';
    const args = [...ids, '--ro-at', '/proc/self/fd/3', '/data', '--', 'sh', '-c', script];
    const stdio = ['ignore', 'pipe', 'pipe', descriptor, other] as const;
    const done = spawnSync(confine, args, { encoding: 'utf8', stdio: [...stdio] });
    [descriptor, other].forEach(closeSync);
    expect(done.stdout).toMatch(/^right1\n0\ntouch: .*Read-only file system/);
  });

  it('refuses when the folder of a descriptor was replaced by another', () => {
    const shown = join(folder, 'shown');
    mkdirSync(shown);
    const descriptor = openSync(shown, 'r');
    rmSync(shown, { recursive: true });
    mkdirSync(join(folder, 'keep inode busy'));
    mkdirSync(shown);
    const args = [...ids, '--ro-at', '/proc/self/fd/3', '/data', '--', 'true'];
    const done = spawnSync(confine, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe', descriptor] });
    closeSync(descriptor);
    expect(done.status).toBe(125);
  });

  it('lays a folder over one of the system: both are seen, for reading alone', () => {
    const layer = join(folder, 'a, b:c\\d');
    mkdirSync(layer);
    writeFileSync(join(layer, 'ours'), 'content');
    const script = 'cat /usr/lib/ours; test -e /usr/lib/os-release; echo $?; touch /usr/lib/ours 2>&1; rm -f /usr/lib/os-release 2>&1';
    const done = run(...ids, '--try-over', layer, '/usr/lib', '--', 'sh', '-c', script);
    expect(done.stdout).toMatch(/^content0\ntouch: .*(Read-only file system|Permission denied)\nrm: .*Read-only file system\n$/);
    expect(done.stderr).toBe('');
  });

  it.each([
    ['the layer', '/nonexistent', '/usr/lib'],
    ['what it is laid over', '/usr/lib', '/nonexistent'],
  ])('runs the command all the same where %s cannot be mounted, and says so in one line', (_, source, place) => {
    const done = run(...ids, '--try-over', source, place, '--', 'echo', 'runs');
    expect(done).toMatchObject({ status: 0, stdout: 'runs\n' });
    expect(done.stderr).toMatch(/^confine: going on without .+\n$/);
  });

  it('sees the network and the harmless devices', async () => {
    const server = createServer((socket) => socket.end('hello')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const client = `require('node:net').connect(${port}, '127.0.0.1').on('data', (d) => process.stdout.write(d))`;
    const node = spawn(confine, [...ids, '--ro', process.execPath, '--', process.execPath, '-e', client]);
    const [greeting] = (await once(node.stdout, 'data')) as [Buffer];
    expect(greeting.toString()).toBe('hello');
    server.close();
    const script = 'echo x > /dev/null && head -c 4 /dev/urandom | wc -c && echo y > /dev/shm/y && cat /dev/shm/y';
    expect(run(...ids, '--', 'sh', '-c', script).stdout).toBe('4\ny\n');
  });

  it('shows one more device where it is asked to, and no other', () => {
    // A device that can't be opened would be of no use (a mount with nodev).
    const script = "test -c /dev/ptmx && ! grep ' /dev/ptmx .*nodev' /proc/self/mountinfo && echo there";
    expect(run(...ids, '--device', '/dev/ptmx', '--', 'sh', '-c', script).stdout).toBe('there\n');
    expect(run(...ids, '--', 'sh', '-c', script).status).toBe(1);
  });

  it.each([
    ['no ids', ['--', 'true']],
    ['root', ['--uid', '0', '--gid', '0', '--', 'true']],
    ['the group of root', [...ids, '--groups', '64120,0', '--', 'true']],
    ['a missing folder', [...ids, '--ro', '/nonexistent', '--', 'true']],
    ['a line break', [...ids, '--ro-at', '/usr', '/a\nb', '--', 'true']],
    ['a path with ..', [...ids, '--ro-at', '/usr', '/a/../b', '--', 'true']],
    ['a device that is a folder', [...ids, '--device', '/dev', '--', 'true']],
    ['a device that is a file', [...ids, '--device', '/etc/hostname', '--', 'true']],
    ['to be seen as root', [...ids, '--try-seen-as', '0:1000', '64107', '--', 'true']],
    ['to be seen as what is no number', [...ids, '--try-seen-as', '1000', 'x y', '--', 'true']],
    ['to lay a folder over an odd path', [...ids, '--try-over', '/usr', '/a:b', '--', 'true']],
    ['an unknown option', [...ids, '--all', '--', 'true']],
    ['no command', [...ids, '--']],
  ])('refuses %s', (_, args) => {
    const done = run(...args);
    expect(done.status).toBe(125);
    expect(done.stderr).toMatch(/^confine: .+\n$/);
  });
};

const asAnybody = () => {
  it('just executes the command, with the ids it has', () => {
    const done = run('--uid', '1', '--gid', '1', '--ro', '/nonexistent', '--', 'id', '-u');
    expect(done.stdout.trim()).toBe(String(process.getuid?.()));
    expect(done.stderr).toBe('');
  });

  it('says what it could not lay over what', () => {
    const done = run('--try-over', '/a', '/b', '--', 'echo', 'runs');
    expect(done).toMatchObject({ status: 0, stdout: 'runs\n', stderr: 'confine: going on without /a over /b: not root\n' });
  });
};

describe(`confine.sh ${root ? 'as root' : 'without root'}`, root ? asRoot : asAnybody);
