import { setTimeout as pause } from 'node:timers/promises';
import { HypervisorError, HypervisorErrorReason } from '../../errors';
import { Template, TemplateSpec } from '../../machine';
import { Launcher } from '../launcher/launcher';
import { MachineOrder, TemplateOrder, templateOrder } from '../machine-order';
import { QemuSettings } from '../options';
import { barrierOf, IMPOSSIBLE } from './barriers';
import { COLD_REASONS } from './cold-reasons';
import { MOST_FAILURES } from './limits';
import { buildTemplate } from './template-builder';
import { templateIdOf, TemplateRecord } from './template-record';
import { detailOf, TemplateShelf } from './template-shelf';
import { TemplateStore } from './template-store';
import { describeTemplate, Wanted } from './template-view';

/** A build that could not even begin (no room, launcher away) is tried again after this long. */
const RETRY_MS = 15_000;
/** How long our own end waits for a build to be undone. */
const CLOSE_MS = 5000;

const ABOUT_THE_IMAGE: ReadonlySet<HypervisorErrorReason> = new Set(['image-missing', 'image-refused']);

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
  private building: { id: string; key: string; step: string; progress: number; since: Date; stop: AbortController } | null = null;
  private working: Promise<void> | null = null;
  private again = false;
  private closed = false;
  private readonly postponed = new Map<string, { until: number; why: string }>();

  private readonly shelf: TemplateShelf;

  constructor(private readonly parts: KeeperParts) {
    this.shelf = new TemplateShelf(parts.store, parts.launcher);
  }

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
    await this.shelf.load();
    const { key, impossible } = await this.look({
      image: order.image,
      flavour: order.flavour,
      protocol: order.console.protocol,
      shares: order.shares.map(({ tag, kind, readOnly }) => ({ tag, kind, readOnly })),
      ...{ nfs: order.nfs.length > 0, network: order.network, cloudInit: order.cloudInit !== null, gpus: order.gpus.length },
    });
    const barrier = barrierOf(order);
    if (impossible !== null && barrier !== null) return cold(COLD_REASONS[barrier]);
    if (impossible !== null) return cold(this.wanted.length ? COLD_REASONS.impossible : null);
    const best = this.shelf.best(key);
    if (best?.phase === 'ready') return { template: best.id, coldReason: null };
    // Just started, and not told yet what is on offer.
    if (this.asked === null) return cold(COLD_REASONS.waiting);
    if (!this.wanted.some((one) => one.key === key)) return cold(order.nfs.length > 0 ? COLD_REASONS.nfs : null);
    if (this.building?.key === key) return cold(COLD_REASONS.building);
    return cold(this.shelf.isSetAside(key) ? COLD_REASONS.setAside : COLD_REASONS.waiting);
  }

  /** A copy could not be made, or went wrong in a way that may be the template's fault. */
  async failed(id: string, detail: string): Promise<void> {
    const record = this.shelf.get(id);
    if (!record || record.phase !== 'ready' || !record.files) return;
    this.parts.settings.log('warn', 'a copy of a template failed', { template: record.key, detail });
    const failures = record.failures + 1;
    const broken = await this.shelf.broken(record);
    if (broken === null && failures < MOST_FAILURES) return this.shelf.put({ ...record, failures });
    const failed = { ...record, phase: 'failed', failures, failure: broken ?? detail } as const;
    await this.shelf.put(failed);
    this.report(failed);
    this.work();
  }

  async worked(id: string): Promise<void> {
    const record = this.shelf.get(id);
    if (record?.phase === 'ready' && record.failures > 0) await this.shelf.put({ ...record, failures: 0 });
  }

  /** A copy ended badly: whatever ended it may have written to what all copies share. */
  async suspect(id: string): Promise<void> {
    const record = this.shelf.get(id);
    if (record?.phase !== 'ready') return;
    const broken = await this.shelf.broken(record);
    if (broken !== null) await this.failed(id, broken);
  }

  async rebuild(key: string): Promise<void> {
    await this.shelf.load();
    if (this.building?.key === key || !this.wanted.some((one) => one.key === key)) return;
    this.postponed.delete(key);
    this.anew.add(key);
    this.work();
  }

  async list(): Promise<Template[]> {
    await this.shelf.load();
    const users = await this.parts.inUse();
    const shown = (wanted: Wanted, record: TemplateRecord | null, isWanted: boolean, editions: TemplateRecord[]) =>
      describeTemplate(wanted, record, {
        isWanted,
        building: isWanted && this.building?.key === wanted.key ? this.building : null,
        postponed: this.postponed.get(wanted.key)?.why ?? null,
        machines: users.filter((user) => editions.some(({ id }) => id === user)).length,
        now: this.parts.settings.now(),
      });
    const all = this.shelf.all();
    const isWanted = (key: string) => this.wanted.some((one) => one.key === key);
    const old = all.filter(({ key, id }) => !isWanted(key) && users.includes(id));
    return [
      ...this.wanted.map((one) => shown(one, this.shelf.best(one.key), true, all.filter(({ key }) => key === one.key))),
      ...old.map((record) => shown({ ...record, impossible: null }, record, false, [record])),
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
    const barrier = barrierOf(order);
    if (barrier !== null) return { ...named, impossible: IMPOSSIBLE[barrier] };
    if (order.image.sha256 === null) return { ...named, impossible: 'The image does not say what its content is.' };
    try {
      return { order, key: await this.parts.launcher.templateKey(order), impossible: null };
    } catch (error) {
      // What may be otherwise in a moment says nothing about the image.
      if (!(error instanceof HypervisorError) || !ABOUT_THE_IMAGE.has(error.reason)) throw error;
      return { ...named, impossible: error.detail };
    }
  }

  /** One round after the other, never two at a time; a call during a round has it followed by another. */
  private work(): void {
    if (this.closed) return;
    this.again = true;
    this.working ??= this.rounds()
      .catch((error: unknown) => this.parts.settings.log('warn', 'keeping templates failed', { detail: detailOf(error) }))
      .finally(() => (this.working = null));
  }

  private async rounds(): Promise<void> {
    await this.shelf.load();
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
    if (!this.anew.has(key) && (this.shelf.best(key)?.phase === 'ready' || this.shelf.isSetAside(key))) return false;
    return (this.postponed.get(key)?.until ?? 0) < Date.now();
  }

  private async build({ key, order }: Wanted): Promise<void> {
    const { store, launcher, settings, roomFor } = this.parts;
    const why = await roomFor(order);
    if (why !== null) return this.postpone(key, why);
    this.postponed.delete(key);
    const last = this.anew.delete(key) ? null : this.shelf.best(key);
    const edition = this.shelf.nextEdition(key);
    const since = settings.now();
    const record: TemplateRecord = {
      ...{ version: 1, id: templateIdOf(key, edition), key, edition, order, phase: 'building', since: since.toISOString() },
      ...{ failures: last?.failures ?? 0, failure: last?.failure ?? null, buildSeconds: null, files: null },
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
      await this.shelf.put({ ...record, ...ready, buildSeconds, files });
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
      this.postpone(record.key, detail);
      settings.log('warn', 'a template could not be built now', { template: record.key, detail });
      return this.shelf.discard(record.id);
    }
    const told = { phase: 'failed', since: settings.now().toISOString(), failure: detail } as const;
    const failed = { ...record, ...told, failures: record.failures + 1 };
    try {
      await this.shelf.empty(failed);
      this.report(failed);
    } catch (error) {
      // Not even that can be written down, on a disk that is still full: the next round removes what is left of it.
      this.postpone(record.key, detail);
      settings.log('warn', 'a template failed, and that could not be noted', { template: record.key, detail: detailOf(error) });
    }
  }

  /** Not now; tried again by itself. */
  private postpone(key: string, why: string): void {
    this.postponed.set(key, { until: Date.now() + RETRY_MS, why });
    setTimeout(() => this.work(), RETRY_MS + 100).unref();
  }

  private report({ key, failures, failure }: TemplateRecord): void {
    const fields = { template: key, failures, detail: failure };
    if (this.shelf.isSetAside(key)) this.parts.settings.log('error', 'a template is set aside; launches go on without it', fields);
    else this.parts.settings.log('warn', 'a template failed', fields);
  }

  /** What nobody wants, and what failed and was followed by another, goes as soon as no machine needs it. */
  private async removeOld(): Promise<void> {
    if (this.asked === null) return;
    for (const id of await this.shelf.strays()) await this.shelf.discard(id);
    const users = new Set(await this.parts.inUse());
    for (const record of this.shelf.all()) {
      const isWanted = this.wanted.some(({ key }) => key === record.key) && this.shelf.best(record.key)?.id === record.id;
      if (isWanted || users.has(record.id)) continue;
      await this.shelf.discard(record.id);
    }
  }
}
