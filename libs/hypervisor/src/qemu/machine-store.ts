import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { HypervisorUnreachable } from '../errors';
import { codeOf, textOf } from './launcher/refusals';
import { Launcher } from './launcher/launcher';
import { machineId } from './machine-order';
import { MachineRecord, parseRecord } from './record';

/** What lies in a machine's folder: nothing, a folder without a readable record, or a record; and how long nothing was written. */
export type Stored =
  | { kind: 'absent' }
  | { kind: 'unreadable'; ageMs: number }
  | { kind: 'record'; record: MachineRecord; ageMs: number };

/** The machines' folders, read directly and written through the launcher. */
export class MachineStore {
  constructor(
    private readonly machinesDir: string,
    private readonly launcher: Launcher,
  ) {}

  /** Folder of the machine's own user: overlay and sockets. */
  files(id: string): string {
    return join(this.machinesDir, id, 'vm');
  }

  /** @throws HypervisorUnreachable when the folder can't be read: says nothing about any machine */
  async ids(): Promise<string[]> {
    try {
      return (await readdir(this.machinesDir)).filter((name) => machineId.safeParse(name).success);
    } catch (error) {
      throw new HypervisorUnreachable(`${this.machinesDir}: ${textOf(error)}`);
    }
  }

  /** @throws HypervisorUnreachable when it cannot be known */
  async read(id: string): Promise<Stored> {
    if (!machineId.safeParse(id).success) return { kind: 'absent' };
    const folder = join(this.machinesDir, id);
    const seen = await stat(folder).catch((error: unknown) => this.unlessAbsent(folder, error));
    // A folder above that vanished (a file system not mounted) must not look like a machine that is gone.
    if (!seen) return this.ids().then(() => ({ kind: 'absent' }));
    const ageMs = Date.now() - seen.mtimeMs;
    const text = await readFile(join(folder, 'machine.json'), 'utf8').catch((error: unknown) => this.unlessAbsent(folder, error));
    const record = text === null ? null : parseRecord(text);
    return record?.order.id === id ? { kind: 'record', record, ageMs } : { kind: 'unreadable', ageMs };
  }

  write(record: MachineRecord): Promise<void> {
    return this.launcher.writeRecord(record.order.id, `${JSON.stringify(record, null, 2)}\n`);
  }

  /** The end of what QEMU wrote before it ended. */
  async logTail(id: string): Promise<string> {
    const log = await readFile(join(this.machinesDir, id, 'qemu.log'), 'utf8').catch(() => '');
    return log.trim().slice(-1000);
  }

  private unlessAbsent(path: string, error: unknown): null {
    if (codeOf(error) === 'ENOENT') return null;
    throw new HypervisorUnreachable(`${path}: ${textOf(error)}`);
  }
}
