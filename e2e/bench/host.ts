import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

/** What the figures were measured on. */
export interface Host {
  cores: number;
  processor: string;
  memoryMib: number;
  kernel: string;
  node: string;
  qemu: string;
  /** Of the measured machines: kvm, tcg. */
  accelerator: string;
  /** Processes that wanted to run in the minute before the first launch, without ours. */
  loadBefore: number;
}

/** Call it before anything is started; the accelerator is known once a machine runs. */
export function describeHost(): Host {
  const [processor] = cpus();
  const qemu = execFileSync('qemu-system-x86_64', ['--version'], { encoding: 'utf8' });
  return {
    cores: cpus().length,
    processor: processor?.model ?? 'unknown',
    memoryMib: Math.round(totalmem() / 2 ** 20),
    kernel: release(),
    node: process.version,
    qemu: /version (\S+)/.exec(qemu)?.[1] ?? 'unknown',
    accelerator: 'unknown',
    loadBefore: loadavg()[0] ?? 0,
  };
}

/** From the command line of a QEMU. */
export function acceleratorOf(argv: readonly string[]): string {
  const given = argv[argv.indexOf('-accel') + 1] ?? '';
  return given.split(',')[0] || 'unknown';
}
