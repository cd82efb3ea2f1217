import { DOCUMENT, DestroyRef, Injectable, computed, effect, inject, signal } from '@angular/core';
import type { TemplateView } from '@beamdesk/contracts';
import { finalize, firstValueFrom } from 'rxjs';
import { messageOf } from '../api/api-error';
import { createLoader } from '../api/loader';
import { TemplatesApi } from '../api/templates.api';
import { UserMessage } from '../api/user-message';
import { inTheMaking } from './template-words';

const BUILDING_MS = 2000;
const QUIET_MS = 15_000;

type TemplateId = Pick<TemplateView, 'hostId' | 'key'>;

/**
 * The templates of every host, asked for again every 2 s while one is being built and every 15 s otherwise; not while
 * nobody sees the page.
 */
@Injectable()
export class TemplatesStore {
  private readonly api = inject(TemplatesApi);
  private readonly document = inject(DOCUMENT);
  private readonly sending = signal<ReadonlySet<string>>(new Set());
  /** Accepted rebuilds, with the state that each template has to leave before the page believes it. */
  private readonly accepted = signal<ReadonlyMap<string, string>>(new Map());
  private readonly refusals = signal<ReadonlyMap<string, UserMessage>>(new Map());
  private timer: ReturnType<typeof setTimeout> | undefined;

  readonly list = createLoader(() => this.api.list().pipe(finalize(() => this.schedule())));
  readonly items = computed(() => this.list.value()?.items);
  private readonly lively = computed(
    () => this.items()?.some((item) => inTheMaking(item) || this.asked(item)) ?? false,
  );

  constructor() {
    // One that stays ready while it is made anew may come out of it with the same `stateSince`.
    effect(() => {
      const begun = (this.items() ?? []).filter(inTheMaking).map(idOf);
      this.accepted.update((all) => begun.reduce(without<string>, all));
    });
    const destroyed = new AbortController();
    const look = () => (this.visible() ? this.load() : clearTimeout(this.timer));
    this.document.addEventListener('visibilitychange', look, { signal: destroyed.signal });
    inject(DestroyRef).onDestroy(() => {
      destroyed.abort();
      clearTimeout(this.timer);
    });
    this.load();
  }

  /** Now, and from then on again and again. */
  load(): void {
    clearTimeout(this.timer);
    this.list.load(undefined);
  }

  /** A rebuild is on its way to the api. */
  busy(template: TemplateId): boolean {
    return this.sending().has(idOf(template));
  }

  /** A rebuild was accepted and its host has not begun yet. */
  asked(template: TemplateView): boolean {
    return !inTheMaking(template) && this.accepted().get(idOf(template)) === template.stateSince;
  }

  /** Why the last rebuild was refused. */
  refusal(template: TemplateId): UserMessage | undefined {
    return this.refusals().get(idOf(template));
  }

  async rebuild(template: TemplateView): Promise<void> {
    const id = idOf(template);
    if (this.busy(template)) return;
    this.refusals.update((all) => without(all, id));
    this.sending.update((ids) => new Set(ids).add(id));
    try {
      await firstValueFrom(this.api.rebuild(template), { defaultValue: undefined });
      this.accepted.update((all) => new Map(all).set(id, template.stateSince));
      this.load();
    } catch (error) {
      this.refusals.update((all) => new Map(all).set(id, messageOf(error)));
    } finally {
      this.sending.update((ids) => new Set([...ids].filter((other) => other !== id)));
    }
  }

  /** After every answer, failed ones included. */
  private schedule(): void {
    clearTimeout(this.timer);
    if (this.visible()) this.timer = setTimeout(() => this.load(), this.lively() ? BUILDING_MS : QUIET_MS);
  }

  private visible(): boolean {
    return this.document.visibilityState === 'visible';
  }
}

/** A key is one host's own. */
export function idOf({ hostId, key }: TemplateId): string {
  return `${hostId}/${key}`;
}

function without<T>(all: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  return !all.has(id) ? all : new Map([...all].filter(([other]) => other !== id));
}
