import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { StartFault } from './fault.ts';
import { lockFolder } from './folder-lock.ts';
import { freePort } from './free-port.ts';
import { layoutOf } from './layout.ts';
import { LogFile } from './log-file.ts';
import { readOptions } from './options.ts';
import { choosePorts } from './ports.ts';
import { preflight } from './preflight.ts';
import { makeSecrets, secretFile } from './secrets.ts';

const tools = join(__dirname, '..');
let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'start-')));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('options', () => {
  it('come from the command line, then the environment, then defaults', () => {
    const env = { BEAMDESK_PORT: '9000', BEAMDESK_DATA: '/srv/data' };
    expect(readOptions(['--port', '9001'], env, '/src')).toMatchObject({ port: 9001, data: '/srv/data' });
    expect(readOptions([], env, '/src')).toMatchObject({ port: 9000, data: '/srv/data' });
    expect(readOptions([], {}, '/src')).toMatchObject({ port: 8080, data: '/src/data' });
  });

  it('takes a relative folder from where the command was typed, not from where npm went', () => {
    expect(readOptions(['--data', 'mine'], { INIT_CWD: '/home/me' }, '/src').data).toBe('/home/me/mine');
  });

  it.each([['--port', '0'], ['--port', '65536'], ['--port', '80x'], ['--prot', '1'], ['stray']])('refuses %s %s', (...argv) => {
    expect(() => readOptions(argv, {}, '/src')).toThrow(StartFault);
  });
});

describe('preflight', () => {
  it('refuses a port in use and leaves no folder behind', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const data = join(folder, 'data');
    await expect(preflight(data, port)).rejects.toThrow(`port ${port} is in use`);
    expect(existsSync(data)).toBe(false);
    server.close();
  });

  it('refuses a file, a path too long for sockets, and a reserved port', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await expect(preflight(file, await freePort())).rejects.toThrow('is not a folder');
    await expect(preflight(join(folder, 'x'.repeat(80)), await freePort())).rejects.toThrow('too long');
    const lowest = Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
    if (lowest > 1) await expect(preflight(join(folder, 'd'), lowest - 1)).rejects.toThrow('reserved for root');
    expect(existsSync(join(folder, 'd'))).toBe(false);
  });

  it('refuses a folder that another start holds, and takes it once that has been killed', async () => {
    const data = join(folder, 'data');
    mkdirSync(data);
    const script = `import('${tools}/start/folder-lock.ts').then(({ lockFolder }) => {
      console.log(String(lockFolder('${data}'))); setInterval(() => 0, 1000); })`;
    const holder = spawn(join(tools, '../node_modules/.bin/node'), ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = once(holder, 'exit');
    const [line] = (await once(holder.stdout, 'data')) as [Buffer];
    const second = await preflight(data, await freePort()).catch((error: Error) => error.message);
    holder.kill('SIGKILL');
    await ended;
    expect(line.toString().trim()).toBe('true');
    expect(second).toContain('already runs');
    expect(lockFolder(data)).toBe(true);
  });
});

describe('npm start', () => {
  it('says in one line what is wrong and ends with a code', () => {
    const { status, stderr } = spawnSync(join(tools, '../node_modules/.bin/node'), [join(tools, 'up.ts'), '--port', 'no'], {
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'npm start: --port must be 1 to 65535, not no\n' });
  });

  it('shows its options', () => {
    const { status, stdout } = spawnSync(join(tools, '../node_modules/.bin/node'), [join(tools, 'up.ts'), '--help'], { encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toMatch(/--port N[\s\S]*--data DIR[\s\S]*--stop-desktops/);
  });
});

describe('secrets', () => {
  it('are made once, 0600 below 0700, the same for both readers of one', () => {
    const { secrets } = layoutOf(folder);
    makeSecrets(secrets);
    const file = secretFile(secrets, 'api', 'internal-secret');
    const first = readFileSync(file, 'utf8');
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(readFileSync(secretFile(secrets, 'bridge', 'internal-secret'), 'utf8')).toBe(first);
    expect(readFileSync(secretFile(secrets, 'api', 'session-secret'), 'utf8')).not.toBe(first);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(secrets).mode & 0o777).toBe(0o700);
    makeSecrets(secrets);
    expect(readFileSync(file, 'utf8')).toBe(first);
  });
});

describe('ports', () => {
  it('stay the same over starts while they are free, and move when they are not', async () => {
    const first = await choosePorts(folder);
    expect(new Set(Object.values(first)).size).toBe(5);
    expect(await choosePorts(folder)).toEqual(first);
    const server = createServer().listen(first.api, '127.0.0.1');
    await once(server, 'listening');
    const second = await choosePorts(folder);
    server.close();
    expect(second.api).not.toBe(first.api);
    expect(second.postgres).toBe(first.postgres);
  });
});

describe('log files', () => {
  it('keep the current and the one before, and no more', async () => {
    const log = new LogFile(join(folder, 'x.log'));
    for (let part = 0; part < 25; part += 1) {
      log.write(Buffer.alloc(1024 ** 2, 97 + part));
      await new Promise((next) => setTimeout(next, 5));
    }
    await new Promise((next) => setTimeout(next, 200));
    const sizes = ['x.log', 'x.log.1'].map((name) => statSync(join(folder, name)).size);
    expect(sizes[1]).toBe(10 * 1024 ** 2);
    expect(sizes[0]).toBe(5 * 1024 ** 2);
  });
});
