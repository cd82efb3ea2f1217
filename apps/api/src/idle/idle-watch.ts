import { Hypervisor, HypervisorUnreachable } from '@beamdesk/hypervisor';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Audit } from '../audit/audit';
import { Config } from '../config';
import { InstanceEntity } from '../instances/entities/instance.entity';
import { wantedWhenStopped } from '../instances/instance-lifecycle';
import { InstanceSettings } from '../instances/instance-settings';
import { BoundedHypervisor } from '../instances/reconciler/bounded-hypervisor';
import { idleStops } from '../metrics/figures';
import { namesOf } from '../instances/reconciler/progress';
import { tell, updateOf } from '../instances/told-change';
import { LIVE_SESSION } from '../sessions/desktop-sessions.repository';
import { IdleMails } from './idle-mails';
import { type Look, judge } from './idle-judgement';

/** Of this host, running, and of a plan that has an idle time. */
const WATCHED = `i.hostId = :hostId AND i.state = 'READY' AND i.wanted = 'RUNNING'
  AND (i.plan_snapshot ->> 'idleMinutes') IS NOT NULL`;
const IN_SESSION = `EXISTS (SELECT FROM desktop_session s WHERE s.instance_id = i.id AND ${LIVE_SESSION})`;

/**
 * Stops desktops that nobody uses: no session, and no work of their processors, for as long as their plan allows. First their
 * owner is told, and has a grace to come back. All that counts is in the row, so that a restart of ours begins nothing anew.
 */
@Injectable()
export class IdleWatch {
  private readonly log = new Logger('Idle');
  private readonly hypervisor: Hypervisor;

  constructor(
    private readonly dataSource: DataSource,
    hypervisor: Hypervisor,
    settings: InstanceSettings,
    private readonly config: Config,
    private readonly audit: Audit,
    private readonly mails: IdleMails,
  ) {
    this.hypervisor = new BoundedHypervisor(hypervisor, settings.calls);
  }

  /** Looks once at every desktop of this host that can be idle. */
  async sweep(hostId: string): Promise<void> {
    const { entities, raw } = await this.dataSource
      .createQueryBuilder(InstanceEntity, 'i')
      .addSelect('clock_timestamp()', 'now')
      .addSelect(IN_SESSION, 'in_session')
      .where(WATCHED, { hostId })
      .getRawAndEntities<{ now: Date; in_session: boolean }>();
    for (const [i, row] of entities.entries()) {
      const seen = raw[i];
      if (seen) await this.look(row, seen.now, seen.in_session);
    }
  }

  private async look(row: InstanceEntity, now: Date, inSession: boolean): Promise<void> {
    try {
      const cpuSeconds = await this.hypervisor.cpuSeconds(row.id);
      if (cpuSeconds === null) return;
      await this.act(row, { now, inSession, cpuSeconds });
    } catch (error) {
      // Says nothing about its use.
      if (!(error instanceof HypervisorUnreachable)) throw error;
    }
  }

  private async act(row: InstanceEntity, look: Look): Promise<void> {
    const { graceMs, cpuShare } = this.config.idle;
    const seen = { cpuSeconds: look.cpuSeconds, cpuSeenAt: look.now };
    switch (judge(row, look, { graceMs, cpuShare })) {
      case 'busy': {
        const used = updateOf(this.dataSource.manager, row, { ...seen, lastBusyAt: look.now, idleStopAt: null });
        // Pages are told only where something changes for them.
        if (row.idleStopAt === null) await used.execute();
        else await tell(this.dataSource.manager, used);
        return;
      }
      case 'quiet':
        await updateOf(this.dataSource.manager, row, seen).execute();
        return;
      case 'warn':
        return this.warn(row, seen, new Date(look.now.getTime() + graceMs));
      case 'stop':
        return this.stop(row);
    }
  }

  private async warn(row: InstanceEntity, seen: Partial<InstanceEntity>, stopAt: Date): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const warned = updateOf(manager, row, { ...seen, idleStopAt: stopAt }).andWhere('idle_stop_at IS NULL');
      if (!(await tell(manager, warned))) return;
      await this.mails.warn(manager, row, stopAt);
      this.log.log({ msg: `idle, stops at ${stopAt.toISOString()}`, ...namesOf(row) });
    });
  }

  /** Not if somebody came back since the row was read. */
  private async stop(row: InstanceEntity): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const stopped = updateOf(manager, row, { wanted: wantedWhenStopped(row), wantedReason: 'idle', idleStopAt: null })
        .andWhere(`wanted = 'RUNNING' AND idle_stop_at <= clock_timestamp()`)
        .andWhere(`NOT EXISTS (SELECT FROM desktop_session s WHERE s.instance_id = instance.id AND ${LIVE_SESSION})`);
      if (!(await tell(manager, stopped))) return;
      const details = { instance: row.id, reason: 'idle', proposal: row.proposalName };
      idleStops.inc();
      await this.audit.write(manager, { kind: 'desktop-stopped', actorId: null, subjectId: row.ownerId, details });
      this.log.log({ msg: 'was idle and is stopped', ...namesOf(row) });
    });
  }
}
