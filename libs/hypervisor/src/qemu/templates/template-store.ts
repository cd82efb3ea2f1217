import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HypervisorUnreachable } from '../../errors';
import { codeOf, textOf } from '../launcher/refusals';
import { Launcher } from '../launcher/launcher';
import { templateId } from '../machine-order';
import { parseTemplateRecord, TemplateRecord } from './template-record';

/** The templates' folders, read directly and written through the launcher. */
export class TemplateStore {
  constructor(
    private readonly templatesDir: string,
    private readonly launcher: Launcher,
  ) {}

  /** Where the machine that is saved keeps its sockets. */
  files(id: string): string {
    return join(this.templatesDir, id, 'vm');
  }

  /** Readable records, and the folders that hold none. @throws HypervisorUnreachable */
  async all(): Promise<{ records: TemplateRecord[]; unreadable: string[] }> {
    const records: TemplateRecord[] = [];
    const unreadable: string[] = [];
    for (const id of await this.ids()) {
      const text = await readFile(join(this.templatesDir, id, 'template.json'), 'utf8').catch(() => '');
      const record = parseTemplateRecord(text);
      if (record?.id === id) records.push(record);
      else unreadable.push(id);
    }
    return { records, unreadable };
  }

  write(record: TemplateRecord): Promise<void> {
    return this.launcher.writeTemplate(record.id, `${JSON.stringify(record, null, 2)}\n`);
  }

  /** The end of what QEMU wrote. */
  async logTail(id: string): Promise<string> {
    const log = await readFile(join(this.templatesDir, id, 'qemu.log'), 'utf8').catch(() => '');
    return log.trim().slice(-500);
  }

  private async ids(): Promise<string[]> {
    try {
      return (await readdir(this.templatesDir)).filter((name) => templateId.safeParse(name).success);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return [];
      throw new HypervisorUnreachable(`${this.templatesDir}: ${textOf(error)}`);
    }
  }
}
