import { Launcher } from './launcher/launcher';

export interface QemuOptions {
  /** This deployment; machines of others in the same folder are seen and never touched. */
  installation: string;
  machinesDir: string;
  /** Where templates are kept; null: machines are never copied. */
  templatesDir?: string | null;
  /** How long a template may take to build, ms. */
  templateBuildMs?: number;
  /** How long a copy may take to be heard of, ms; usually a tenth of a second. */
  wakeMs?: number;
  launcher: Launcher;
  /** MiB that stay free of machines on this host. */
  reserve?: { memoryMib: number; diskMib: number };
  /** How much of their promised memory machines are taken to use together: 1 = all of it. */
  memoryCommitment?: number;
  log?: (level: 'info' | 'warn' | 'error', message: string, fields: Record<string, unknown>) => void;
  now?: () => Date;
  /** How often machines are looked at without anybody asking, ms. */
  pollMs?: number;
  /** How often writable shares are measured, ms. */
  scratchMs?: number;
  /** How long QEMU may take to answer for the first time, ms. */
  startMs?: number;
}

export type QemuSettings = Required<QemuOptions>;

export function withDefaults(options: QemuOptions): QemuSettings {
  return {
    reserve: { memoryMib: 512, diskMib: 1024 },
    templatesDir: null,
    templateBuildMs: 15 * 60_000,
    wakeMs: 45_000,
    memoryCommitment: 1,
    log: () => undefined,
    now: () => new Date(),
    pollMs: 1000,
    scratchMs: 5000,
    startMs: 20_000,
    ...options,
  };
}
