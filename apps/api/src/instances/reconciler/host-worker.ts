import { setTimeout as pause } from 'node:timers/promises';
import { Hypervisor, HypervisorUnreachable } from '@beamdesk/hypervisor';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { installationOf } from '../installation';
import type { DisplayServant } from '../../display/display-servant';
import type { GpuInventory } from '../../gpus/gpu-inventory';
import type { HomeMeasurer } from '../../homes/home-measurer';
import type { InstanceReconciler } from '../instance-reconciler';
import type { InstanceSettings } from '../instance-settings';
import type { TemplateKeeper } from '../../templates/template-keeper';
import type { InstancesRepository } from '../instances.repository';
import { Bell } from './bell';
import type { CapacityPublisher } from './capacity-publisher';
import type { ExpirySweeper } from './expiry-sweeper';
import { HostLease, RENEW_MS } from './host-lease';
import type { MembershipCheck } from './membership-check';
import { OneAtATime } from './one-at-a-time';
import type { OrphanWatch } from './orphan-watch';

/** Machines that are handled side by side; most of the time of each is waiting. */
const WIDTH = 16;
const LAST_WORDS_MS = 3000;
const RETRY_MS = { first: 250, most: 5000 };

/** What the worker does, apart from when. */
export interface HostChores {
  reconciler: Pick<InstanceReconciler, 'reconcile'>;
  expiry: Pick<ExpirySweeper, 'sweep'>;
  orphans: Pick<OrphanWatch, 'sweep'>;
  membership: Pick<MembershipCheck, 'sweep'>;
  capacity: Pick<CapacityPublisher, 'publish'>;
  templates: Pick<TemplateKeeper, 'keep'>;
  display: Pick<DisplayServant, 'serve'>;
  homes: Pick<HomeMeasurer, 'measure'>;
  gpus: Pick<GpuInventory, 'publish'>;
}

/**
 * Runs the machines of one host while it holds the host's lease; any number may be started, one works and the others wait.
 * Woken by the change feed, by the hypervisor's hints and by a tick, so that a lost hint costs a second and no more. Without
 * a database nothing changes: it tries again until there is one.
 */
export class HostWorker {
  private readonly log = new Logger('HostWorker');
  private readonly stopping = new AbortController();
  private running: Promise<void> = Promise.resolve();

  constructor(
    private readonly hostId: string,
    private readonly dataSource: DataSource,
    private readonly instances: InstancesRepository,
    private readonly hypervisor: Hypervisor,
    private readonly chores: HostChores,
    private readonly settings: InstanceSettings,
  ) {}

  start(): void {
    this.running = this.run();
  }

  /** Ends after what is under way; machines run on. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async run(): Promise<void> {
    for (let waitMs = RETRY_MS.first; !this.stopping.signal.aborted;) {
      try {
        if (await this.serveOnce()) waitMs = RETRY_MS.first;
      } catch (error) {
        this.log.warn(`host ${this.hostId}: ${String(error)}; trying again in ${waitMs} ms`);
        waitMs = Math.min(waitMs * 2, RETRY_MS.most);
      }
      await this.sleep(waitMs, this.stopping.signal);
    }
  }

  /** False: another worker serves this host. */
  private async serveOnce(): Promise<boolean> {
    const wake: { up: (id: string) => void } = { up: () => undefined };
    const offer = new Bell();
    const lease = await HostLease.take(this.dataSource, this.hostId, {
      instanceChanged: (id) => wake.up(id),
      templatesChanged: () => offer.ring(),
      displayWanted: (wish) => void this.chores.display.serve(wish),
    });
    if (!lease) return false;
    const fence = AbortSignal.any([lease.fence, this.stopping.signal]);
    const queue = new OneAtATime(
      WIDTH,
      (id) => this.chores.reconciler.reconcile(id, fence, this.hostId),
      (id, error) => fence.aborted || this.log.warn(`instance ${id}: ${String(error)}`),
    );
    wake.up = (id) => queue.wake(id);
    const unwatch = this.hypervisor.watch((id) => queue.wake(id));
    try {
      const installation = await installationOf(this.dataSource);
      this.log.log(`serving host ${this.hostId}`);
      await this.serve(lease, fence, queue, installation, offer);
    } finally {
      unwatch();
      // What is under way may be cut at any line; waiting a little only spares the next worker some work.
      await Promise.race([queue.close(), pause(LAST_WORDS_MS, undefined, { ref: false })]);
      await lease.release();
    }
    return true;
  }

  private async serve(
    lease: HostLease,
    fence: AbortSignal,
    queue: OneAtATime,
    installation: string,
    offer: Bell,
  ): Promise<void> {
    const { tickMs, capacityMs, membershipMs, orphanSweepMs, templatesMs, homesMs, gpusMs } = this.settings;
    const { expiry, orphans, membership, capacity, templates, homes, gpus } = this.chores;
    await Promise.all([
      this.every(RENEW_MS, fence, () => lease.renew()),
      this.every(tickMs, fence, async () => {
        await expiry.sweep(this.hostId);
        (await this.instances.toReconcile(this.hostId)).forEach((id) => queue.wake(id));
      }),
      this.every(capacityMs, fence, () => capacity.publish(this.hostId)),
      this.every(templatesMs, fence, () => templates.keep(this.hostId), offer),
      this.every(homesMs, fence, () => homes.measure(this.hostId)),
      this.every(gpusMs, fence, () => gpus.publish(this.hostId)),
      this.every(Math.min(membershipMs, 10_000), fence, () => membership.sweep(this.hostId)),
      this.every(orphanSweepMs, fence, () =>
        orphans.sweep(this.hostId, installation, (id, work) => queue.exclusively(id, work)),
      ),
    ]);
  }

  /** One chore never keeps another waiting, and its failure is only its own. */
  private async every(ms: number, fence: AbortSignal, chore: () => Promise<unknown>, bell = new Bell()): Promise<void> {
    let failing = '';
    while (!fence.aborted) {
      try {
        await chore();
        failing = '';
      } catch (error) {
        const message = error instanceof HypervisorUnreachable ? error.detail : String(error);
        if (message !== failing && !fence.aborted) this.log.warn(`host ${this.hostId}: ${message}`);
        failing = message;
      }
      await bell.wait(ms, fence);
    }
  }

  private sleep(ms: number, until: AbortSignal): Promise<void> {
    return pause(ms, undefined, { signal: until }).catch(() => undefined);
  }
}
