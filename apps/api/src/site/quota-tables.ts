import type { Limits } from '@beamdesk/quota';
import type { EntityManager } from 'typeorm';
import type { Site } from './site';

const ROW = `
  INSERT INTO quota_limit
    (subject_kind, subject_id, machines, vcpus, memory_mib, storage_mib, gpus, vcpu_minutes, gpu_minutes)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT (subject_kind, subject_id) DO UPDATE SET
    machines = $3, vcpus = $4, memory_mib = $5, storage_mib = $6, gpus = $7, vcpu_minutes = $8, gpu_minutes = $9`;

/** The default limits as the site file has them; see `QuotaLimitEntity`. */
export async function fillQuotas(manager: EntityManager, quotas: Site['quotas']): Promise<void> {
  const { roles, proposal, beamline, site } = quotas;
  const rows: [kind: string, id: string, limits: Limits][] = [
    ...Object.entries(roles).map(([role, limits]): [string, string, Limits] => ['role', role, limits]),
    ...Object.entries({ proposal, beamline, site }).map(([kind, limits]): [string, string, Limits] => [
      kind,
      '*',
      limits,
    ]),
  ];
  for (const [kind, id, l] of rows) {
    const amounts = [l.machines, l.vcpus, l.memoryMib, l.storageMib, l.gpus, l.vcpuMinutes, l.gpuMinutes];
    await manager.query(ROW, [kind, id, ...amounts]);
  }
}
