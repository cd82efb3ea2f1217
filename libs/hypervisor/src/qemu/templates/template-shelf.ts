import { HypervisorError } from '../../errors';
import { Launcher } from '../launcher/launcher';
import { textOf } from '../launcher/refusals';
import { MOST_FAILURES } from './limits';
import { TemplateRecord } from './template-record';
import { TemplateStore } from './template-store';

/** The templates that are there, good and failed; what is on disk and what is remembered never differ. */
export class TemplateShelf {
  private records: TemplateRecord[] = [];
  private loaded: Promise<void> | null = null;

  constructor(
    readonly store: TemplateStore,
    private readonly launcher: Launcher,
  ) {}

  /** Reads what is there, once; what somebody was still building is removed. */
  load(): Promise<void> {
    this.loaded ??= this.readAll().catch((error: unknown) => {
      this.loaded = null;
      throw error;
    });
    return this.loaded;
  }

  all = () => [...this.records];
  get = (id: string) => this.records.find((one) => one.id === id) ?? null;

  /** The one that launches use, or else the one that tells what happened last. */
  best(key: string): TemplateRecord | null {
    const mine = this.records.filter((one) => one.key === key).sort((a, b) => b.edition - a.edition);
    return mine.find(({ phase }) => phase === 'ready') ?? mine[0] ?? null;
  }

  isSetAside = (key: string) => this.best(key)?.phase !== 'ready' && (this.best(key)?.failures ?? 0) >= MOST_FAILURES;

  nextEdition(key: string): number {
    return 1 + Math.max(0, ...this.records.filter((one) => one.key === key).map(({ edition }) => edition));
  }

  async put(record: TemplateRecord): Promise<void> {
    await this.store.write(record);
    this.records = [...this.records.filter(({ id }) => id !== record.id), record];
  }

  /** Folders that nobody remembers, of builds that failed and could not be undone; asked for while nothing is being built. */
  async strays(): Promise<string[]> {
    const { records, unreadable } = await this.store.all();
    return [...unreadable, ...records.map(({ id }) => id)].filter((id) => this.get(id) === null);
  }

  /** Gone with all it held, its machine too. */
  async discard(id: string): Promise<void> {
    await this.launcher.removeTemplate(id, false);
    this.records = this.records.filter((one) => one.id !== id);
  }

  /** Only the record stays, to tell why. */
  async empty(record: TemplateRecord): Promise<void> {
    await this.launcher.removeTemplate(record.id, true);
    await this.put(record);
  }

  /** Why its files can't be trusted any more, after reading them through; null: they are as they were saved. */
  async broken(record: TemplateRecord): Promise<string | null> {
    if (!record.files) return 'It has no files.';
    try {
      const files = await this.launcher.checkTemplate(record.id, record.files, true);
      await this.put({ ...(this.get(record.id) ?? record), files });
      return null;
    } catch (error) {
      return detailOf(error);
    }
  }

  private async readAll(): Promise<void> {
    const { records, unreadable } = await this.store.all();
    for (const id of unreadable) await this.discard(id);
    for (const { id } of records.filter(({ phase }) => phase === 'building')) await this.discard(id);
    this.records = records.filter(({ phase }) => phase !== 'building');
    // Moved, restored from a backup: not the files that were sealed until their sums say so.
    for (const record of this.records.filter(({ phase }) => phase === 'ready')) {
      const files = record.files && (await this.launcher.checkTemplate(record.id, record.files, false).catch(() => null));
      if (!files) {
        await this.put({ ...record, phase: 'failed', failures: record.failures + 1, failure: 'Its files were altered.' });
      } else if (files !== record.files) await this.put({ ...record, files });
    }
  }
}

export const detailOf = (error: unknown) => (error instanceof HypervisorError ? error.detail : textOf(error));
