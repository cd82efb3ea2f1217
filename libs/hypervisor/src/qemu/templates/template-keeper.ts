import { setTimeout as pause } from 'node:timers/promises';
import { HypervisorError } from '../../errors';
import { Template, TemplateSpec } from '../../machine';
import { Launcher } from '../launcher/launcher';
import { textOf } from '../launcher/refusals';
import { MachineOrder, TemplateOrder, templateOrder } from '../machine-order';
import { QemuSettings } from '../options';
import { COLD_REASONS } from './cold-reasons';
import { MOST_FAILURES } from './limits';
import { buildTemplate } from './template-builder';
import { builderId, templateIdOf, TemplateRecord } from './template-record';
import { TemplateStore } from './template-store';
import { describeTemplate, Wanted } from './template-view';

/** A build that could not even begin (no room, launcher away) is tried again after this long. */
const RETRY_MS = 15_000;
/** How long our own end waits for a build to be undone. */
const CLOSE_MS = 5000;

export type Choice = { template: string; coldReason: null } | { template: null; coldReason: string | null };

export interface KeeperParts {
  store: TemplateStore;
  launcher: Launcher;
  settings: Pick<QemuSettings, 'log' | 'now' | 'templateBuildMs'>;
  /** Ids of templates that machines of this host hold on to, one for each machine. */
  inUse: () => Promise<string[]>;
  /** Why there is no room for building now; null: there is. */
  roomFor: (order: TemplateOrder) => Promise<string | null>;
}

/**
 * Has the templates that are wanted: builds what is missing, one at a time; sets aside what fails twice; removes what nobody wants and no
 * machine needs. What a killed one of us left half done is removed and built anew.
 */
export class TemplateKeeper {
  /** Null until somebody said what is wanted: then nothing is removed either. */
  private asked: Wanted[] | null = null;
  /** Keys that are to be built anew although there is a good one. */
  private readonly anew = new Set<string>();
  private records: TemplateRecord[] = [];
  private building: { id: string; key: string; step: string; progress: number; since: Date; stop: AbortController } | null = null;
  private loaded: Promise<void> | null = null;
  private working: Promise<void> | null = null;
  private again = false;
  private closed = false;
  private readonly postponed = new Map<string, { until: number; why: string }>();

  constructor(private readonly parts: KeeperParts) {}

  async keep(specs: TemplateSpec[]): Promise<void> {
    const wanted: Wanted[] = [];
    for (const spec of specs) {
      const seen = await this.look(spec);
      if (!wanted.some(({ key }) => key === seen.key)) wanted.push(seen);
    }
    this.asked = wanted;
    this.work();
  }

  /** What a machine of this order is to be made from. */
  async choose(order: MachineOrder): Promise<Choice> {
    const cold = (coldReason: string | null): Choice => ({ template: null, coldReason });
    await this.load();
    const { key, impossible } = await this.look({
      image: order.image,
      flavour: order.flavour,
      protocol: order.console.protocol,
      shares: order.shares.map(({ tag, readOnly }) => ({ tag, readOnly })),
    });
    if (impossible !== null) return cold(this.wanted.length ? COLD_REASONS.impossible : null);
    const best = this.best(key);
    if (best?.phase === 'ready') return { template: best.id, coldReason: null };
    if (!this.wanted.some((one) => one.key === key)) return cold(null);
    if (this.building?.key === key) return cold(COLD_REASONS.building);
    return cold(this.isSetAside(key) ? COLD_REASONS.setAside : COLD_REASONS.waiting);
  }

  /** A copy could not be made, or went wrong in a way that may be the template's fault. */
  async failed(id: string, detail: string): Promise<void> {
    const record = this.records.find((one) => one.id === id);
    if (!record || record.phase !== 'ready' || !record.files) return;
    this.parts.settings.log('warn', 'a copy of a template failed', { template: record.key, detail });
    const failures = record.failures + 1;
    const broken = await this.broken(record);
    if (broken === null && failures < MOST_FAILURES) return this.change({ ...record, failures });
    await this.change({ ...record, phase: 'failed', failures, failure: broken ?? detail });
    this.report(record.key);
    this.work();
  }

  async worked(id: string): Promise<void> {
    const record = this.records.find((one) => one.id === id);
    if (record?.phase === 'ready' && record.failures > 0) await this.change({ ...record, failures: 0 });
  }

  /** A copy ended badly: whatever ended it may have written to what all copies share. */
  async suspect(id: string): Promise<void> {
    const record = this.records.find((one) => one.id === id);
    if (record?.phase !== 'ready') return;
    const broken = await this.broken(record);
    if (broken !== null) await this.failed(id, broken);
  }

  async rebuild(key: string): Promise<void> {
    await this.load();
    if (this.building?.key === key || !this.wanted.some((one) => one.key === key)) return;
    this.postponed.delete(key);
    this.anew.add(key);
    this.work();
  }

  async list(): Promise<Template[]> {
    await this.load();
    const users = await this.parts.inUse();
    const shown = (wanted: Wanted, record: TemplateRecord | null, isWanted: boolean) =>
      describeTemplate(wanted, record, {
        isWanted,
        building: this.building?.key === wanted.key && isWanted ? this.building : null,
        postponed: this.postponed.get(wanted.key)?.why ?? null,
        machines: users.filter((id) => this.records.some((one) => one.id === id && one.key === wanted.key && (isWanted || one.id === record?.id))).length,
        now: this.parts.settings.now(),
      });
    const old = this.records.filter(({ key, id }) => !this.wanted.some((one) => one.key === key) && users.includes(id));
    return [
      ...this.wanted.map((wanted) => shown(wanted, this.best(wanted.key), true)),
      ...old.map((record) => shown({ ...record, impossible: null }, record, false)),
    ];
  }

  /** Ends a build under way; whoever comes next begins it anew. */
  async close(): Promise<void> {
    this.closed = true;
    this.building?.stop.abort(new Error('closed'));
    // A launcher that is gone keeps nobody waiting: what is left is taken up by the next of us.
    await Promise.race([this.working, pause(CLOSE_MS, undefined, { ref: false })]);
  }

  private get wanted(): Wanted[] {
    return this.asked ?? [];
  }

  private async look(spec: TemplateSpec): Promise<Wanted> {
    const order = templateOrder.parse(spec);
    const named = { order, key: JSON.stringify(order) };
    if (!order.image.agent) return { ...named, impossible: 'The image has no Beamdesk agent.' };
    if (order.image.sha256 === null) return { ...named, impossible: 'The image does not say what its content is.' };
    try {
      return { order, key: await this.parts.launcher.templateKey(order), impossible: null };
    } catch (error) {
      return { ...named, impossible: detailOf(error) };
    }
  }

  private load(): Promise<void> {
    this.loaded ??= this.readAll().catch((error: unknown) => {
      this.loaded = null;
      throw error;
    });
    return this.loaded;
  }

  private async readAll(): Promise<void> {
    const { store, launcher } = this.parts;
    const { records, unreadable } = await store.all();
    for (const id of unreadable) await this.discard(id);
    for (const record of records.filter(({ phase }) => phase === 'building')) await this.discard(record.id);
    this.records = records.filter(({ phase }) => phase !== 'building');
    // Moved, restored from a backup: not the files that were sealed until their sums say so.
    for (const record of this.records.filter(({ phase }) => phase === 'ready')) {
      const files = record.files && (await launcher.checkTemplate(record.id, record.files, false).catch(() => null));
      if (!files) await this.change({ ...record, phase: 'failed', failures: record.failures + 1, failure: 'Its files were altered.' });
      else if (files !== record.files) await this.change({ ...record, files });
    }
  }

  /** One round after the other, never two at a time; a call during a round has it followed by another. */
  private work(): void {
    this.again = true;
    this.working ??= this.rounds()
      .catch((error: unknown) => this.parts.settings.log('warn', 'keeping templates failed', { detail: detailOf(error) }))
      .finally(() => (this.working = null));
  }

  private async rounds(): Promise<void> {
    await this.load();
    while (this.again && !this.closed) {
      this.again = false;
      await this.removeOld();
      const next = this.wanted.find((one) => this.isMissing(one));
      if (!next) continue;
      await this.build(next);
      this.again = true;
    }
  }

  private isMissing({ key, impossible }: Wanted): boolean {
    if (impossible !== null) return false;
    if (!this.anew.has(key) && (this.best(key)?.phase === 'ready' || this.isSetAside(key))) return false;
    return (this.postponed.get(key)?.until ?? 0) < Date.now();
  }

  private isSetAside = (key: string) => (this.best(key)?.failures ?? 0) >= MOST_FAILURES;

  /** The one that launches use, or else the one that tells what happened last. */
  private best(key: string): TemplateRecord | null {
    const mine = this.records.filter((one) => one.key === key).sort((a, b) => b.edition - a.edition);
    return mine.find(({ phase }) => phase === 'ready') ?? mine[0] ?? null;
  }

  private async build({ key, order }: Wanted): Promise<void> {
    const { store, launcher, settings, roomFor } = this.parts;
    const why = await roomFor(order);
    if (why !== null) return void this.postponed.set(key, { until: Date.now() + RETRY_MS, why });
    this.postponed.delete(key);
    const last = this.anew.delete(key) ? null : this.best(key);
    const edition = 1 + Math.max(0, ...this.records.filter((one) => one.key === key).map((one) => one.edition));
    const since = settings.now();
    const record: TemplateRecord = {
      ...{ version: 1, id: templateIdOf(key, edition), key, edition, order, phase: 'building', since: since.toISOString() },
      ...{ failures: last?.failures ?? 0, failure: last?.failure ?? null, buildSeconds: null, process: null, files: null },
    };
    const stop = new AbortController();
    const building = { id: record.id, key, step: 'Preparing', progress: 0, since, stop };
    const limit = setTimeout(() => stop.abort(new Error('it took too long')), settings.templateBuildMs);
    this.building = building;
    settings.log('info', 'building a template', { template: key, image: order.image.id });
    try {
      await store.write(record);
      const tell = (step: string, progress: number) => Object.assign(building, { step, progress });
      const files = await buildTemplate(record, { store, launcher, signal: stop.signal, tell });
      const buildSeconds = Math.round((settings.now().getTime() - since.getTime()) / 100) / 10;
      const ready = { phase: 'ready', since: settings.now().toISOString(), failures: 0, failure: null } as const;
      await this.change({ ...record, ...ready, buildSeconds, files });
      settings.log('info', 'template ready', { template: key, seconds: buildSeconds });
    } catch (error) {
      await this.buildFailed(record, error);
    } finally {
      clearTimeout(limit);
      this.building = null;
    }
  }

  private async buildFailed(record: TemplateRecord, error: unknown): Promise<void> {
    const { store, settings } = this.parts;
    const detail = [detailOf(error), await store.logTail(record.id)].filter(Boolean).join(': ');
    // A full disk is not the template's fault, nor is our own end.
    if (this.closed || (error instanceof HypervisorError && (error.reason === 'no-disk' || error.reason === 'unreachable'))) {
      this.postponed.set(record.key, { until: Date.now() + RETRY_MS, why: detail });
      settings.log('warn', 'a template could not be built now', { template: record.key, detail });
      return this.discard(record.id);
    }
    await this.end(record.id);
    const failed = { phase: 'failed', since: settings.now().toISOString(), process: null } as const;
    await this.parts.launcher.removeTemplate(record.id, true);
    await this.change({ ...record, ...failed, failures: record.failures + 1, failure: detail });
    this.report(record.key);
  }

  private report(key: string): void {
    const { failures, failure } = this.best(key) ?? {};
    const fields = { template: key, failures, detail: failure };
    if (this.isSetAside(key)) this.parts.settings.log('error', 'a template is set aside; launches go on without it', fields);
    else this.parts.settings.log('warn', 'a template failed', fields);
  }

  /** Why its files can't be trusted any more; null: they are as they were saved. */
  private async broken(record: TemplateRecord): Promise<string | null> {
    if (!record.files) return 'It has no files.';
    try {
      const files = await this.parts.launcher.checkTemplate(record.id, record.files, true);
      await this.change({ ...(this.records.find(({ id }) => id === record.id) ?? record), files });
      return null;
    } catch (error) {
      return detailOf(error);
    }
  }

  /** What nobody wants, and what failed and was followed by another, goes as soon as no machine needs it. */
  private async removeOld(): Promise<void> {
    if (this.asked === null) return;
    const users = new Set(await this.parts.inUse());
    for (const record of [...this.records]) {
      const isWanted = this.wanted.some(({ key }) => key === record.key) && this.best(record.key)?.id === record.id;
      if (isWanted || users.has(record.id)) continue;
      await this.discard(record.id);
      this.records = this.records.filter(({ id }) => id !== record.id);
    }
  }

  private async discard(id: string): Promise<void> {
    await this.end(id);
    await this.parts.launcher.removeTemplate(id, false);
  }

  private async end(id: string): Promise<void> {
    const process = await this.parts.launcher.locate(builderId(id));
    if (process) await this.parts.launcher.kill(builderId(id), process);
  }

  private async change(record: TemplateRecord): Promise<void> {
    await this.parts.store.write(record);
    this.records = [...this.records.filter(({ id }) => id !== record.id), record];
  }
}

const detailOf = (error: unknown) => (error instanceof HypervisorError ? error.detail : textOf(error));
