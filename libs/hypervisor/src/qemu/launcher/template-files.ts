import { createHash } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { MEMORY, OVERLAY } from '../argv';
import { templateId } from '../machine-order';
import { parseTemplateRecord, TEMPLATE_FILES, TemplateFile, TemplateRecord } from '../templates/template-record';
import { privileged } from './confined';
import { contentSum } from './content-sum';
import { LauncherConfig } from './launcher-config';
import { findProcess, killMachine } from './processes';
import { codeOf, refused, textOf } from './refusals';

type Files = NonNullable<TemplateRecord['files']>;

/** In a template's folder: the record, and while it is built the folder of the machine's own user. */
const RECORD = 'template.json';
export const BUILDER_FILES = 'vm';
const LONGEST_RECORD = 65_536;
const NAMES: Record<TemplateFile, string> = { disk: 'disk.qcow2', state: 'state', memory: MEMORY };

/** The folders of templates: made, sealed, checked and removed; each is called by its id. */
export class TemplateFiles {
  constructor(private readonly config: LauncherConfig) {
    if (config.templatesDir === null) return;
    mkdirSync(config.templatesDir, { recursive: true });
    if (!privileged()) return;
    chmodSync(config.templatesDir, 0o750);
    if (config.clientGid !== null) chownSync(config.templatesDir, 0, config.clientGid);
  }

  folder(id: string): string {
    const { templatesDir } = this.config;
    if (templatesDir === null) throw refused('start-failed', 'this launcher keeps no templates');
    return join(templatesDir, templateId.parse(id));
  }

  /**
   * The id under which a template's own machine runs: no machine of anybody's has it (RFC 9562, version 8). It differs from folder to folder: the
   * same template may be built by two installations on one host at once.
   */
  machineId(id: string): string {
    const hash = createHash('sha256').update(this.folder(id)).digest('hex');
    return [hash.slice(0, 8), hash.slice(8, 12), `8${hash.slice(13, 16)}`, `8${hash.slice(17, 20)}`, hash.slice(20, 32)].join('-');
  }

  path(id: string, file: TemplateFile): string {
    return join(this.folder(id), NAMES[file]);
  }

  /** Replaces the record as a whole or not at all; makes the folder. */
  write(id: string, text: string): void {
    if (text.length > LONGEST_RECORD) throw new Error('record too long');
    const folder = this.folder(id);
    try {
      mkdirSync(folder, { recursive: true });
      this.toClient(folder, 0o750);
      const path = join(folder, RECORD);
      writeFileSync(`${path}.new`, text, { mode: 0o640, flush: true });
      this.toClient(`${path}.new`, 0o640);
      renameSync(`${path}.new`, path);
    } catch (error) {
      throw codeOf(error) === 'ENOSPC' ? refused('no-disk', textOf(error)) : error;
    }
  }

  /** Ends its machine, if it runs, and empties the folder but for the record. */
  async clear(id: string): Promise<void> {
    const process = findProcess(this.machineId(id));
    if (process) await killMachine(this.machineId(id), process);
    for (const name of [BUILDER_FILES, ...Object.values(NAMES)]) {
      rmSync(join(this.folder(id), name), { recursive: true, force: true });
    }
  }

  async remove(id: string): Promise<void> {
    await this.clear(id);
    rmSync(this.folder(id), { recursive: true, force: true });
  }

  /**
   * Takes disk and memory from the machine's own user, makes them unchangeable for it as far as this QEMU allows, sees to it that all
   * is on the disk, and sums it up.
   */
  async seal(id: string, memoryIsReadOnly: boolean): Promise<Files> {
    if (findProcess(this.machineId(id))) throw new Error(`the machine of template ${id} still runs`);
    const made = join(this.folder(id), BUILDER_FILES);
    renameSync(join(made, OVERLAY), this.path(id, 'disk'));
    renameSync(join(made, MEMORY), this.path(id, 'memory'));
    rmSync(made, { recursive: true, force: true });
    const gid = this.config.runAs?.gid ?? 0;
    for (const name of TEMPLATE_FILES) {
      const path = this.path(id, name);
      if (privileged()) chownSync(path, 0, name === 'state' ? 0 : gid);
      // QEMU before 8.2 opens the memory of a copy for writing, although it writes to none of it.
      chmodSync(path, name === 'memory' && !memoryIsReadOnly ? (privileged() ? 0o660 : 0o600) : 0o440);
      const file = await open(path, 'r');
      await file.sync().finally(() => file.close());
    }
    return this.describe(id);
  }

  /**
   * Whether copies may be made: the files are those that were sealed. Their stamps tell in no time; where one differs, or `thorough`, the sums
   * decide. Gives the files as they are now. @throws MachineRefused template-broken
   */
  async check(id: string, known: Files, thorough: boolean): Promise<Files> {
    const same = TEMPLATE_FILES.every((name) => this.stamp(id, name) === known[name].stamp);
    if (same && !thorough) return known;
    const now = await this.describe(id).catch((error: unknown) => {
      throw refused('template-broken', textOf(error));
    });
    const altered = TEMPLATE_FILES.filter((name) => now[name].sum !== known[name].sum);
    if (altered.length) throw refused('template-broken', `${id}: not as it was saved: ${altered.join(', ')}`);
    return now;
  }

  /** The record of a template that copies may be made of now. @throws MachineRefused template-broken */
  usable(id: string): TemplateRecord {
    const record = this.read(id);
    const { files } = record ?? {};
    if (!record || record.phase !== 'ready' || !files) throw refused('template-broken', `${id} is not ready`);
    const altered = TEMPLATE_FILES.filter((name) => this.stamp(id, name) !== files[name].stamp);
    if (altered.length) throw refused('template-broken', `${id}: touched since it was saved: ${altered.join(', ')}`);
    return record;
  }

  private read(id: string): TemplateRecord | null {
    try {
      return parseTemplateRecord(readFileSync(join(this.folder(id), RECORD), 'utf8'));
    } catch {
      return null;
    }
  }

  private async describe(id: string): Promise<Files> {
    const one = async (name: TemplateFile) => {
      const sum = await contentSum(this.path(id, name));
      const allocatedMib = Math.ceil((statSync(this.path(id, name)).blocks * 512) / 1048576);
      return { stamp: this.stamp(id, name), sum, allocatedMib };
    };
    return { disk: await one('disk'), state: await one('state'), memory: await one('memory') };
  }

  /** Nobody but root's clock can write to a file, cut it or put another in its place and leave this as it was. */
  private stamp(id: string, name: TemplateFile): string {
    const stat = statSync(this.path(id, name), { bigint: true, throwIfNoEntry: false });
    return stat ? [stat.dev, stat.ino, stat.size, stat.mtimeNs, stat.ctimeNs].join(' ') : 'absent';
  }

  private toClient(path: string, mode: number): void {
    chmodSync(path, mode);
    if (privileged() && this.config.clientGid !== null) chownSync(path, 0, this.config.clientGid);
  }
}
