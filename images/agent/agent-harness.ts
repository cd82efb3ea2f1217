import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

const agentFile = join(__dirname, 'beamdesk-agent');

/** Programs that would change this computer: a stand-in notes how it was called, one word per line. */
const stubbed = ['mount', 'umount', 'chown', 'date', 'poweroff', 'reboot', 'setxkbmap', 'ssh-keygen', 'nice', 'sync'];
/** What a stand-in does besides; FOLDER is the folder of the test. A mount of `slow` takes its time, one of `bad` fails. */
const effects: Record<string, string> = {
  mount:
    'case $5 in slow) sleep 0.3 ;; bad) echo "no such share" >&2; exit 32 ;; esac\n' +
    '[ "$1" = -t ] && printf "x %s 9p\\n" "$6" >> "FOLDER/mounts"\nexit 0\n',
  date: 'printf "%s" "$TZ" > "FOLDER/zone"\n',
  nice: 'shift 2; exec "$@"\n',
  'ssh-keygen': 'shift 7; echo "key $$" > "$2"; echo "public $$" > "$2.pub"\n',
};
const real = [
  'base64',
  'awk',
  'ln',
  'mkdir',
  'mkfifo',
  'chmod',
  'sleep',
  'sed',
  'grep',
  'cp',
  'mv',
  'rm',
  'cmp',
  'head',
  'tail',
  'setsid',
];

export const b64 = (text: string): string => Buffer.from(text).toString('base64') || '-';

/**
 * The agent under one shell, its port replaced by two pipes, its folders by a temporary one. A pipe whose writer went
 * away reads as end of file until somebody writes again: just what a virtio-serial port does when the host disconnects.
 */
export class AgentUnderTest {
  readonly folder = mkdtempSync(join(tmpdir(), 'beamdesk-agent-'));
  readonly run = join(this.folder, 'run');
  private readonly process: ChildProcess;
  private readonly fromGuest: number;
  private toGuest: number | null = null;
  private received = '';

  /** @param shell 'dash' or 'busybox': the second also brings busybox's own programs */
  constructor(shell: 'dash' | 'busybox') {
    const bin = join(this.folder, 'bin');
    for (const path of ['bin', 'run', 'root/etc', 'root/usr/share/zoneinfo/Europe']) {
      mkdirSync(join(this.folder, path), { recursive: true });
    }
    writeFileSync(join(this.folder, 'root/usr/share/zoneinfo/Europe/Paris'), '');
    writeFileSync(join(this.folder, 'mounts'), '');
    const busybox = execFileSync('sh', ['-c', 'command -v busybox']).toString().trim();
    for (const name of real) {
      const target =
        shell === 'busybox'
          ? busybox
          : execFileSync('sh', ['-c', `command -v ${name}`])
              .toString()
              .trim();
      symlinkSync(target, join(bin, name));
    }
    for (const name of stubbed) {
      const note = `#!/bin/sh\nprintf '%s\\n' ${name} "$@" end >> '${this.folder}/calls'\n`;
      const effect = effects[name]?.replaceAll('FOLDER', this.folder) ?? '';
      writeFileSync(join(bin, name), note + effect, { mode: 0o755 });
    }
    for (const name of ['in', 'out', 'files']) execFileSync('mkfifo', [join(this.folder, name)]);
    this.fromGuest = openSync(join(this.folder, 'out'), constants.O_RDWR | constants.O_NONBLOCK);
    const argv = shell === 'busybox' ? [busybox, 'sh', agentFile] : ['dash', agentFile];
    this.process = spawn(argv[0] ?? '', argv.slice(1), {
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'ignore'],
      env: {
        PATH: '/usr/bin:/bin',
        BEAMDESK_PORT_IN: join(this.folder, 'in'),
        BEAMDESK_PORT_OUT: join(this.folder, 'out'),
        BEAMDESK_RUN: this.run,
        BEAMDESK_BIN: `${bin}/`,
        BEAMDESK_ROOT: join(this.folder, 'root'),
        BEAMDESK_MOUNTS: join(this.folder, 'mounts'),
        BEAMDESK_HOSTNAME: join(this.folder, 'hostname'),
        BEAMDESK_FILES_PORT: join(this.folder, 'files'),
        BEAMDESK_TICK: '0.2',
        BEAMDESK_CHORES_DELAY: '0.2',
      },
    });
  }

  /** The host opens its end of the port. */
  async connect(): Promise<void> {
    const handle = await open(join(this.folder, 'in'), 'w');
    this.toGuest = openSync(`/proc/self/fd/${handle.fd}`, 'w');
    await handle.close();
  }

  /** The host goes away; the guest reads end of file. */
  disconnect(): void {
    if (this.toGuest !== null) closeSync(this.toGuest);
    this.toGuest = null;
  }

  send(text: string): void {
    if (this.toGuest === null) throw new Error('not connected');
    writeSync(this.toGuest, text);
  }

  /** One byte at a time, so that no read ever holds a whole line. */
  async sendByBytes(text: string): Promise<void> {
    for (const byte of Buffer.from(text)) {
      if (this.toGuest === null) throw new Error('not connected');
      writeSync(this.toGuest, Uint8Array.of(byte));
      await delay(0);
    }
  }

  /** The next line that is not the ticker's and that matches; what comes before it is dropped. */
  async line(wanted: RegExp): Promise<string> {
    const end = Date.now() + 10_000;
    while (Date.now() < end) {
      this.drain();
      for (;;) {
        const at = this.received.indexOf('\n');
        if (at < 0) break;
        const line = this.received.slice(0, at);
        this.received = this.received.slice(at + 1);
        if (wanted.test(line)) return line;
      }
      await delay(5);
    }
    throw new Error(`the agent said nothing like ${wanted}`);
  }

  /** Sends a command and waits for its answer: `ok`, or the message of `fail`. */
  async ask(seq: number, command: string): Promise<string> {
    this.send(`${seq} ${command}\n`);
    return this.answer(seq);
  }

  async answer(seq: number): Promise<string> {
    const words = (await this.line(new RegExp(`^(ok|fail) ${seq}( |$)`))).split(' ');
    return words[0] === 'ok' ? 'ok' : `fail: ${Buffer.from(words[2] ?? '', 'base64').toString()}`;
  }

  /** Calls of the stand-ins so far: each a list of words. */
  calls(): string[][] {
    const file = join(this.folder, 'calls');
    if (!existsSync(file)) return [];
    const calls: string[][] = [];
    const call: string[] = [];
    for (const word of readFileSync(file, 'utf8').split('\n')) {
      if (word === 'end') calls.push(call.splice(0));
      else call.push(word);
    }
    return calls;
  }

  /** What a shell of the session sees: the variables, after reading the environment file. */
  environment(...names: string[]): string[] {
    const script = `set -a; . "$1/environment"; shift; for name; do eval "printf '%s\\0' \\"\\$$name\\""; done`;
    const out = execFileSync('dash', ['-c', script, 'dash', this.run, ...names], { cwd: this.folder });
    return out.toString().split('\0').slice(0, -1);
  }

  /** Pids of the agent and its children. */
  pids(): number[] {
    const pid = this.process.pid ?? 0;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
    return [pid, ...children];
  }

  kill(signal: NodeJS.Signals): void {
    this.process.kill(signal);
  }

  async end(): Promise<void> {
    const ended = this.process.exitCode !== null || this.process.signalCode !== null;
    if (!ended) {
      const closed = new Promise((resolve) => this.process.once('exit', resolve));
      this.process.kill('SIGTERM');
      this.disconnect();
      await closed;
    }
    this.disconnect();
    closeSync(this.fromGuest);
    // The ticker's last sleep may still hold its folder for a moment; removal does not mind.
    rmSync(this.folder, { recursive: true, force: true });
  }

  private drain(): void {
    const buffer = Buffer.alloc(65536);
    try {
      for (;;) {
        const length = readSync(this.fromGuest, buffer);
        if (length === 0) return;
        this.received += buffer.toString('latin1', 0, length);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}
