import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findGuacd, guacdAnswers } from './find-guacd.ts';
import { unpackGuacd } from './unpack.ts';

const node = join(__dirname, '../../node_modules/.bin/node');
const program = join(__dirname, '../guacd.ts');
let folder: string;
let child: ChildProcess | null = null;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guacd-spec-'));
});
afterEach(async () => {
  if (child?.exitCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  child = null;
  rmSync(folder, { recursive: true, force: true });
});

/** A guacd on the PATH that must not be run. */
function decoy(): string {
  mkdirSync(join(folder, 'bin'));
  const file = join(folder, 'bin/guacd');
  writeFileSync(file, '#!/bin/sh\nexit 1\n');
  chmodSync(file, 0o755);
  return join(folder, 'bin');
}

describe('guacd of Debian 11', () => {
  it('is downloaded, unpacked privately and answers, even where another is on the PATH', async () => {
    const env = { ...process.env, XDG_CACHE_HOME: join(folder, 'cache'), PATH: `${decoy()}:${process.env['PATH']}` };
    child = spawn(node, [program, 'private'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const { host, port, pid } = JSON.parse(line.toString()) as { host: string; port: number; pid: number };
    expect(host).toBe('127.0.0.1');
    expect(await guacdAnswers(host, port)).toBe(true);
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    if (process.getuid?.() === 0) expect(status).toMatch(/^Uid:\s+64103\s+64103\s+64103\s+64103$/m);
    expect(status).toMatch(/^CapEff:\s+0+$/m);
    if (process.getuid?.() === 0) {
      // Where FreeRDP looks for the plugin that carries sound.
      const plugin = `usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/freerdp2/libguac-common-svc-client.so`;
      expect(existsSync(`/proc/${pid}/root/${plugin}`)).toBe(true);
    }
    // The end of its starter's input is its end.
    const ended = once(child, 'exit');
    child.stdin?.end();
    await ended;
    expect(existsSync(`/proc/${pid}`)).toBe(false);
  }, 120_000);

  it('knows vnc, rdp and ssh: every plugin loads', async () => {
    child = spawn(node, [program, 'private'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    const { port } = JSON.parse(line.toString()) as { port: number };
    for (const protocol of ['vnc', 'rdp', 'ssh']) {
      const socket = connect(port, '127.0.0.1');
      socket.write(`6.select,3.${protocol};`);
      const [answer] = (await once(socket, 'data')) as [Buffer];
      socket.destroy();
      expect(answer.toString()).toMatch(/^4\.args,/);
    }
  }, 120_000);

  it('leaves nothing behind when the content is not what the lock file says, and says what to do', async () => {
    const wrong = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nevil'));
    }).listen(0, '127.0.0.1');
    await once(wrong, 'listening');
    const mirrors = [`http://127.0.0.1:${(wrong.address() as AddressInfo).port}`, 'http://127.0.0.1:1'];
    await expect(unpackGuacd({ cache: folder, mirrors })).rejects.toThrow(/expected content.*BEAMDESK_GUACD/);
    wrong.close();
    expect(readdirSync(join(folder, 'guacd'))).toEqual([]);
  }, 60_000);

  it('takes the mirror that has it when the first is gone', async () => {
    const root = await unpackGuacd({ cache: folder, mirrors: ['http://127.0.0.1:1', 'http://deb.debian.org'] });
    expect(existsSync(join(root, 'usr/sbin/guacd'))).toBe(true);
  }, 60_000);
});

describe('the guacd to use', () => {
  const options = () => ({ cache: folder });

  it('is the one of the setting, an address or a program', async () => {
    expect(await findGuacd('guacd.example:4822', options())).toEqual({ kind: 'running', address: 'guacd.example:4822' });
    const file = join(decoy(), 'guacd');
    expect(await findGuacd(file, options())).toMatchObject({ kind: 'program', program: file, libraries: null });
  });

  it('is refused when the setting names nothing', async () => {
    await expect(findGuacd('/nowhere/guacd', options())).rejects.toThrow('does not exist');
    await expect(findGuacd('guacd', options())).rejects.toThrow('HOST:PORT');
  });
});
