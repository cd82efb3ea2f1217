import type { QueueReason } from '@beamdesk/contracts';
import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { GpuLeases } from '../gpus/gpu-leases';
import type { InstanceEntity } from '../instances/entities/instance.entity';
import { QueuedRows } from '../instances/queued-rows';
import { namesOf } from '../instances/reconciler/progress';
import { countMove } from '../metrics/count-launch';
import { Site } from '../site/site';
import { HostRooms } from './host-room';
import { queueStep } from './queue-words';

/** Any constant will do; it only has to be the same in every process of an installation. */
const QUEUE_LOCK = 7_207_020;

const TIMED_OUT = {
  code: 'QUEUE_TIMEOUT',
  message: 'No host had room for your desktop in time. Try again later, or choose a smaller desktop.',
};

/** Whom those who come later must let pass. */
interface Ahead {
  /** Somebody who may go to any host waits: nobody behind is placed. */
  everybody: boolean;
  /** Somebody waits for a GPU: nobody behind gets one. */
  gpus: boolean;
  /** Somebody waits for the host of a kept disk: nobody behind is placed there. */
  hosts: Set<string>;
}

/**
 * Gives launches that wait their hosts, first come first served. A launch that may go to any host is never overtaken. One that
 * waits for a GPU, or for the host of its kept disk, holds up only those who want the same, so that a card or a host that does not
 * come back keeps nobody else waiting. Each round is one transaction under a lock of the whole site: any number of keepers may run.
 */
@Injectable()
export class QueueKeeper {
  private readonly log = new Logger('Queue');

  constructor(
    private readonly dataSource: DataSource,
    private readonly rows: QueuedRows,
    private readonly rooms: HostRooms,
    private readonly leases: GpuLeases,
    @Inject(Site) private readonly site: Pick<Site, 'load'>,
  ) {}

  /** One round. */
  async keep(): Promise<void> {
    if (!(await this.rows.any(this.dataSource.manager))) return;
    await this.dataSource.transaction(async (manager) => {
      await manager.query('SELECT pg_advisory_xact_lock($1)', [QUEUE_LOCK]);
      // Instances before hosts, as a click locks them.
      const rows = await this.rows.concerned(manager);
      const held = await this.rows.heldBack(manager);
      const waiting = await this.withoutEnded(manager, rows, held);
      if (waiting.length > 0) await this.place(manager, waiting, held);
    });
  }

  /** @param held whom a maintenance holds back: they do not wait too long */
  private async withoutEnded(manager: EntityManager, rows: InstanceEntity[], held: (row: InstanceEntity) => boolean): Promise<InstanceEntity[]> {
    const waiting: InstanceEntity[] = [];
    for (const row of rows) {
      if (row.wanted !== 'RUNNING' || row.queuedAt === null) await this.rows.leave(manager, row);
      else if (!held(row) && Date.now() - row.queuedAt.getTime() >= this.site.load.queueMinutes * 60_000) {
        this.log.warn({ msg: `waited for a host for too long (${row.queueReason})`, ...namesOf(row) });
        await this.rows.timeOut(manager, row, TIMED_OUT);
        countMove({ ...row, failureCode: TIMED_OUT.code }, 'FAILED');
      } else waiting.push(row);
    }
    return waiting;
  }

  private async place(manager: EntityManager, waiting: InstanceEntity[], held: (row: InstanceEntity) => boolean): Promise<void> {
    await this.rooms.lock(manager);
    const ahead: Ahead = { everybody: false, gpus: false, hosts: new Set() };
    let position = 0;
    for (const row of waiting) {
      const reason = held(row) ? 'maintenance' : await this.tryOne(manager, row, ahead);
      if (reason === null) continue;
      position++;
      await this.rows.turn(manager, row, position, reason, queueStep(position, reason));
    }
  }

  /** Null: it has a host now. */
  private async tryOne(manager: EntityManager, row: InstanceEntity, ahead: Ahead): Promise<QueueReason | null> {
    const gpus = row.plan.flavour.gpus ?? 0;
    if (ahead.everybody || (gpus > 0 && ahead.gpus)) return 'turn';
    const wish = { flavour: row.plan.flavour, only: row.hostId, except: row.id, not: ahead.hosts };
    const choice = await this.rooms.choose(manager, wish);
    if (choice.hostId !== null) {
      if (gpus > 0 && (await this.leases.lease(manager, choice.hostId, row.id, gpus)) === null) return 'gpus';
      if (await this.rows.place(manager, row, choice.hostId)) {
        this.log.log({ msg: `placed on ${choice.hostId}`, ...namesOf(row) });
      }
      return null;
    }
    if (row.hostId !== null) ahead.hosts.add(row.hostId);
    else if (gpus > 0) ahead.gpus = true;
    else ahead.everybody = true;
    return choice.short;
  }
}
