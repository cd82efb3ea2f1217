import { Injectable, Signal, computed, effect, inject, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import type { InstanceView, PortalEvent, QuotaView } from '@beamdesk/contracts';
import { Observable, Subject, firstValueFrom } from 'rxjs';
import { EventsClient } from './events.client';
import { InstancesApi } from './instances.api';
import { SessionStore } from './session.store';

/**
 * Every desktop this person can see and their quota, as pushed by the server: the one truth of all pages of a tab.
 * Connected while the person is admitted, empty otherwise.
 */
@Injectable({ providedIn: 'root' })
export class InstancesStore {
  private readonly api = inject(InstancesApi);
  private readonly events = inject(EventsClient);
  private readonly session = inject(SessionStore);
  private readonly instances = signal<ReadonlyMap<string, InstanceView>>(new Map());
  private readonly snapshotSeen = signal(false);
  private readonly latestQuota = signal<QuotaView | undefined>(undefined);
  private readonly changed = new Subject<InstanceView>();
  private readonly asked = new Map<string, number>();
  private gone = new Set<string>();

  /** Each new state at the moment it is known, for what cannot wait for the next rendering. */
  readonly changes: Observable<InstanceView> = this.changed.asObservable();
  /** Newest first; never a DELETED one. */
  readonly all: Signal<readonly InstanceView[]> = computed(() =>
    [...this.instances().values()].sort((a, b) => b.createdAt.localeCompare(a.createdAt)),
  );
  /** True once the first snapshot has come; before that an absent instance means nothing. */
  readonly loaded = this.snapshotSeen.asReadonly();
  /** `lost` means: what is shown is the last that was heard, a new connection is being tried. */
  readonly connection = this.events.connection;
  /** Undefined until something has told it. */
  readonly quota = this.latestQuota.asReadonly();

  constructor() {
    this.events.events.pipe(takeUntilDestroyed()).subscribe((event) => this.receive(event));
    const person = computed(() => (this.session.admitted() ? this.session.user()?.id : undefined));
    effect(() => {
      const id = person();
      untracked(() => {
        this.events.stop();
        this.forget();
        if (id !== undefined) this.events.start();
      });
    });
  }

  byId(id: string): Signal<InstanceView | undefined> {
    return computed(() => this.instances().get(id));
  }

  /** This person's own desktop for a proposal; one at most. */
  byProposal(key: string): Signal<InstanceView | undefined> {
    return computed(() => this.all().find(({ proposalKey, role }) => proposalKey === key && role === 'OWNER'));
  }

  /** When the launch under way was asked for, ms by the server's clock; since its last state where that was not seen. */
  askedAt({ id, stateSince }: InstanceView): number {
    return this.asked.get(id) ?? Date.parse(stateSince);
  }

  /** Desktop, Open, Try again. Rejects with an `ApiError`. */
  async launch(proposalKey: string, plan?: string): Promise<InstanceView> {
    return this.keep(await firstValueFrom(this.api.launch(proposalKey, plan)));
  }

  /** Rejects with an `ApiError`; the states that follow come by push. */
  async stop(id: string): Promise<void> {
    this.keep(await firstValueFrom(this.api.stop(id)));
  }

  /** Gives up a stopped desktop with its disk, or dismisses a failed one. Rejects with an `ApiError`. */
  async remove(id: string): Promise<void> {
    this.keep(await firstValueFrom(this.api.remove(id)));
  }

  /** A quota that came with another answer, for the time until the first snapshot. */
  seedQuota(quota: QuotaView): void {
    if (!this.loaded()) this.latestQuota.set(quota);
  }

  private receive(event: PortalEvent): void {
    if (!('quota' in event)) return;
    this.latestQuota.set(event.quota);
    if (event.type === 'snapshot') {
      this.gone = new Set();
      const living = event.instances.filter(({ state }) => state !== 'DELETED');
      living.forEach((instance) => this.time(instance));
      this.instances.set(new Map(living.map((instance) => [instance.id, instance])));
      this.snapshotSeen.set(true);
      living.forEach((instance) => this.changed.next(instance));
    } else if (event.type === 'instance') {
      this.put(event.instance);
    }
  }

  /** An answer to a request may come after newer pushes: the newer state stays. */
  private keep(answer: InstanceView): InstanceView {
    const known = this.instances().get(answer.id);
    if (!this.gone.has(answer.id) && (known === undefined || answer.stateSince >= known.stateSince)) this.put(answer);
    return answer;
  }

  private put(instance: InstanceView): void {
    const next = new Map(this.instances());
    if (instance.state === 'DELETED') {
      next.delete(instance.id);
      this.gone.add(instance.id);
      this.asked.delete(instance.id);
    } else {
      this.time(instance);
      next.set(instance.id, instance);
    }
    this.instances.set(next);
    this.changed.next(instance);
  }

  private time({ id, state, stateSince }: InstanceView): void {
    if (state === 'REQUESTED') this.asked.set(id, Date.parse(stateSince));
  }

  private forget(): void {
    this.gone = new Set();
    this.asked.clear();
    this.instances.set(new Map());
    this.snapshotSeen.set(false);
    this.latestQuota.set(undefined);
  }
}
