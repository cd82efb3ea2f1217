import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { waitFor } from './test-browser';

const WORKSPACE = path.resolve(__dirname, '../../../..');

/** A guacd of the installation's own kind on a port of its own, gone when stopped. */
export class RealGuacd {
  private constructor(
    private readonly keeper: ChildProcess,
    readonly address: { host: string; port: number },
    private readonly pid: number | null,
  ) {}

  static async start(): Promise<RealGuacd> {
    const keeper = spawn(process.execPath, [path.join(WORKSPACE, 'tools/guacd.ts')], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    for await (const line of createInterface({ input: keeper.stdout })) {
      if (line.startsWith('{')) {
        const { host, port, pid } = JSON.parse(line) as { host: string; port: number; pid: number | null };
        keeper.stdout.resume();
        return new RealGuacd(keeper, { host, port }, pid);
      }
    }
    throw new Error('tools/guacd.ts gave no guacd');
  }

  /** Kills guacd and what it forked for its connections, as a crash would. */
  async kill(): Promise<void> {
    if (this.pid !== null) {
      process.kill(this.pid, 'SIGKILL');
    }
    await this.stop();
  }

  async stop(): Promise<void> {
    if (this.keeper.exitCode === null && this.keeper.signalCode === null) {
      this.keeper.stdin?.end();
      await once(this.keeper, 'exit');
    }
  }
}

/** An empty QEMU machine whose screen (the firmware's text) is on VNC with a password. */
export class ConsoleMachine {
  private constructor(
    private readonly qemu: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {}

  static async start(password: string): Promise<ConsoleMachine> {
    const folder = mkdtempSync(path.join(tmpdir(), 'bridge-console-'));
    const qmp = path.join(folder, 'qmp');
    const display = 1000 + Math.floor(Math.random() * 8000);
    const qemu = spawn(
      'qemu-system-x86_64',
      ['-nodefaults', '-accel', 'tcg', '-m', '32', '-vga', 'std', '-device', 'virtio-tablet-pci']
        .concat(['-vnc', `127.0.0.1:${display},password=on`])
        .concat(['-qmp', `unix:${qmp},server=on,wait=off`]),
      { stdio: 'ignore' },
    );
    const machine = new ConsoleMachine(qemu, folder, 5900 + display);
    await machine.setPassword(qmp, password);
    return machine;
  }

  async stop(): Promise<void> {
    this.qemu.kill('SIGKILL');
    await once(this.qemu, 'exit');
    rmSync(this.folder, { recursive: true });
  }

  private async setPassword(qmp: string, password: string): Promise<void> {
    let answer = '';
    const command = { execute: 'set_password', arguments: { protocol: 'vnc', password } };
    const dial = (): void => {
      const socket = connect(qmp);
      socket.on('error', () => setTimeout(dial, 50));
      socket.on('data', (piece) => (answer += String(piece)));
      socket.on('connect', () => socket.write(`{"execute":"qmp_capabilities"}\n${JSON.stringify(command)}\n`));
    };
    dial();
    await waitFor(() => answer.match(/"return"/g)?.length === 2, 'the password to be set');
  }
}
