import type { MonitoredHost, MonitoredHosts } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { writeAudit } from '../audit/write-audit';
import type { Person } from '../auth/person';
import { notFound } from '../http/api-error';
import { InstanceSettings } from '../instances/instance-settings';
import { HostEntity } from '../site/entities/host.entity';

type Row = Omit<MonitoredHost, 'drainingAt' | 'observedAt' | 'held' | 'cpuLoad' | 'cpuPressure'> & {
  drainingAt: Date | null;
  observedAt: Date | null;
  cpuLoad: number | null;
  cpuPressure: number | null;
  held: MonitoredHost['held'];
};

const HOSTS = `
  SELECT h.id, h.active, h.accelerator, h.vcpus, h.cpu_load_permille AS "cpuLoad", h.cpu_pressure_permille AS "cpuPressure",
    h.memory_total_mib AS "memoryTotalMib", h.memory_available_mib AS "memoryAvailableMib",
    h.disk_total_mib AS "diskTotalMib", h.disk_available_mib AS "diskAvailableMib",
    h.draining, d.name AS "drainingBy", h.draining_at AS "drainingAt", h.observed_at AS "observedAt",
    (h.observed_at IS NULL OR h.observed_at <= clock_timestamp() - make_interval(secs => $1)) AS silent,
    count(i.id) FILTER (WHERE i.alloc_machines > 0 AND i.queued_at IS NULL)::int AS desktops,
    count(i.id) FILTER (WHERE i.queued_at IS NOT NULL)::int AS queued,
    json_build_object('machines', coalesce(sum(i.alloc_machines), 0), 'vcpus', coalesce(sum(i.alloc_vcpus), 0),
      'memoryMib', coalesce(sum(i.alloc_memory_mib), 0), 'storageMib', coalesce(sum(i.alloc_storage_mib), 0),
      'gpus', coalesce(sum(i.alloc_gpus), 0)) AS held
  FROM host h LEFT JOIN instance i ON i.host_id = h.id AND i.state <> 'DELETED'
    LEFT JOIN user_account d ON d.id = h.draining_by AND h.draining
  GROUP BY h.id, d.name
  HAVING h.active OR count(i.id) > 0
  ORDER BY h.active DESC, h.id`;

/** The computers that run machines, and whether they take more of them. */
@Injectable()
export class HostMonitor {
  constructor(
    private readonly dataSource: DataSource,
    private readonly settings: InstanceSettings,
  ) {}

  /** Those of the site file, and others as long as something is there. */
  async list(): Promise<MonitoredHosts> {
    const [rows, waiting] = await Promise.all([
      this.dataSource.query<Row[]>(HOSTS, [this.settings.hostSilentMs / 1000]),
      this.dataSource.query<{ queued: number }[]>(
        `SELECT count(*)::int AS queued FROM instance WHERE queued_at IS NOT NULL AND state = 'REQUESTED'`,
      ),
    ]);
    return { items: rows.map(hostView), queued: waiting[0]?.queued ?? 0 };
  }

  /** Idempotent. @throws ApiError 404: no such host */
  async drain(person: Person, id: string, draining: boolean): Promise<void> {
    await this.dataSource.transaction(async (manager) => {
      const host = await manager.findOne(HostEntity, { where: { id }, lock: { mode: 'pessimistic_write' } });
      if (!host) throw notFound();
      if (host.draining === draining) return;
      const since = draining
        ? { drainingBy: person.id, drainingAt: new Date() }
        : { drainingBy: null, drainingAt: null };
      await manager.update(HostEntity, { id }, { draining, ...since });
      const kind = draining ? 'host-drained' : 'host-undrained';
      await writeAudit(manager, { kind, actorId: person.id, subjectId: null, details: { host: id } });
    });
  }
}

function hostView({ cpuLoad, cpuPressure, drainingAt, observedAt, ...row }: Row): MonitoredHost {
  return {
    ...row,
    cpuLoad: cpuLoad === null ? null : cpuLoad / 1000,
    cpuPressure: cpuPressure === null ? null : cpuPressure / 1000,
    drainingAt: drainingAt?.toISOString() ?? null,
    observedAt: observedAt?.toISOString() ?? null,
  };
}
