import { Hypervisor, type Machine } from '@beamdesk/hypervisor';
import { NOTHING, RESOURCE_NAMES } from '@beamdesk/quota';
import { Logger } from '@nestjs/common';
import { DataSource, In, Not } from 'typeorm';
import { allocationOf } from '../allocation';
import { InstanceEntity } from '../entities/instance.entity';
import { OrphanMachineEntity } from '../entities/orphan-machine.entity';
import { InstanceSettings } from '../instance-settings';

/** Runs work for one instance while nobody else handles it; false: somebody does. */
type Exclusively = (id: string, work: () => Promise<void>) => Promise<boolean>;

/**
 * Compares the machines of this host with the rows. Machines of other installations are never touched. One of ours without
 * a row is set aside and reported, and destroyed only after a grace and only while there are few: a restored or emptied
 * database must not end everybody's desktop. One whose row says that nothing is held any more is a leftover and goes.
 */
export class OrphanWatch {
  private readonly log = new Logger('OrphanWatch');

  constructor(
    private readonly dataSource: DataSource,
    private readonly hypervisor: Hypervisor,
    private readonly settings: InstanceSettings,
  ) {}

  async sweep(hostId: string, installationId: string, exclusively: Exclusively): Promise<void> {
    // Machines first: a row is always written before its machine, so none can seem to lack it.
    const ours = (await this.hypervisor.list()).filter((machine) => machine.installation === installationId);
    const rows = await this.rowsOf(ours);
    const unexplained = ours.filter(({ id }) => !rows.has(id));
    await this.quarantine(hostId, unexplained);
    await this.destroyOld(hostId, unexplained);
    for (const { id } of ours) {
      const row = rows.get(id);
      if (row && holdsNothing(row)) await exclusively(id, () => this.removeLeftover(id));
    }
  }

  private async rowsOf(machines: Machine[]): Promise<Map<string, InstanceEntity>> {
    const found = await this.dataSource.manager.findBy(InstanceEntity, { id: In(machines.map(({ id }) => id)) });
    return new Map(found.map((row) => [row.id, row]));
  }

  private async quarantine(hostId: string, unexplained: Machine[]): Promise<void> {
    const present = unexplained.map(({ id }) => id);
    await this.dataSource.manager.delete(OrphanMachineEntity, { hostId, machineId: Not(In(present)) });
    for (const { id, ref } of unexplained) {
      const added: unknown[] = await this.dataSource.query(
        `INSERT INTO orphan_machine (machine_id, host_id, ref) VALUES ($1, $2, $3)
         ON CONFLICT (machine_id) DO NOTHING RETURNING machine_id`,
        [id, hostId, ref],
      );
      if (added.length > 0) this.log.error(`machine ${id} (${ref}) on ${hostId} is ours but has no record: set aside`);
    }
  }

  private async destroyOld(hostId: string, unexplained: Machine[]): Promise<void> {
    const old: { machine_id: string }[] = await this.dataSource.query(
      `SELECT machine_id FROM orphan_machine
       WHERE host_id = $1 AND first_seen_at <= clock_timestamp() - make_interval(secs => $2)`,
      [hostId, this.settings.orphanGraceMs / 1000],
    );
    if (old.length === 0) return;
    if (unexplained.length > this.settings.orphanMax) {
      this.log.error(`${unexplained.length} machines on ${hostId} have no record: none is destroyed without an admin`);
      return;
    }
    for (const { machine_id: id } of old) {
      this.log.error(`machine ${id} on ${hostId} had no record for the whole grace: destroying it`);
      await this.hypervisor.destroy(id);
    }
  }

  private async removeLeftover(id: string): Promise<void> {
    const row = await this.dataSource.manager.findOneBy(InstanceEntity, { id });
    if (!row || !holdsNothing(row)) return;
    this.log.warn(`machine ${id} came up after its record was closed (${row.state}): destroying it`);
    await this.hypervisor.destroy(id);
  }
}

/** Closed records: nothing of theirs may exist at the hypervisor. */
function holdsNothing(row: InstanceEntity): boolean {
  const closed = row.state === 'DELETED' || row.state === 'FAILED' || row.state === 'STOPPED';
  const held = allocationOf(row);
  return closed && RESOURCE_NAMES.every((name) => held[name] === NOTHING[name]);
}
