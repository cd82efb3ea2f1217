import type { DesktopAction, DesktopActionResult, DesktopActionResults, Role } from '@beamdesk/contracts';
import { Injectable, Logger } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { writeAudit } from '../audit/write-audit';
import type { Person } from '../auth/person';
import { ApiError, notFound } from '../http/api-error';
import { InstanceEntity } from '../instances/entities/instance.entity';
import { InstanceLife } from '../instances/instance-life';
import { wantedWhenStopped } from '../instances/instance-lifecycle';
import { InstancesRepository } from '../instances/instances.repository';
import { MessagesOfDesktops } from './desktop-messages';
import { MonitorSight, seenBy } from './monitor-sight';

/** What staff do with desktops of others: each is decided and done for itself, in a transaction of its own. */
@Injectable()
export class DesktopActions {
  private readonly logger = new Logger('DesktopActions');

  constructor(
    private readonly dataSource: DataSource,
    private readonly sight: MonitorSight,
    private readonly instances: InstancesRepository,
    private readonly life: InstanceLife,
    private readonly messages: MessagesOfDesktops,
  ) {}

  /** One result for each id, in their order; what one may not see is told as what is not there. */
  async act(person: Person, action: DesktopAction): Promise<DesktopActionResults> {
    const seen = await this.sight.toAct(person);
    const results: DesktopActionResult[] = [];
    for (const id of action.ids) {
      try {
        await this.dataSource.transaction(async (manager) => {
          const [mine] = await manager.query<unknown[]>(
            `SELECT FROM instance i WHERE id = $2 AND state <> 'DELETED' AND ${seenBy('i')}`,
            [seen, id],
          );
          const row = mine ? await this.instances.find(id, manager) : null;
          if (!row) throw notFound();
          await this.one(manager, person, row, action);
        });
        results.push({ id, done: true, code: null, message: null });
      } catch (error) {
        results.push(this.refused(id, error));
      }
    }
    return { results };
  }

  private one(manager: EntityManager, person: Person, row: InstanceEntity, action: DesktopAction): Promise<void> {
    switch (action.action) {
      case 'stop':
        return this.stop(manager, person, row, action.reason);
      case 'extend':
        return this.extend(manager, person, row, action.minutes);
      case 'message':
        return this.message(manager, person, row, action.text);
    }
  }

  private async stop(manager: EntityManager, person: Person, row: InstanceEntity, why: string): Promise<void> {
    const by = { actorId: person.id, why };
    const wanted = wantedWhenStopped(row);
    const asked = await this.instances.wantWithin(manager, row.id, wanted, 'stopped-by-staff', ['RUNNING'], { by });
    if (!asked) throw new ApiError(409, 'NOT_RUNNING', 'It is stopped, or being stopped, already.');
    await this.messages.send(manager, row.id, sender(person), `Your desktop was stopped. ${why}`);
  }

  private async extend(manager: EntityManager, person: Person, row: InstanceEntity, minutes: number): Promise<void> {
    if (row.expiresAt === null || row.wanted !== 'RUNNING') {
      throw new ApiError(409, 'NOT_RUNNING', 'It has no end to put off: it is stopped, or being stopped.');
    }
    const { until } = await this.life.extendLife(manager, row.id, new Date(row.expiresAt.getTime() + minutes * 60_000));
    const details = { desktop: row.id, proposal: row.proposalName, until: until.toISOString() };
    await writeAudit(manager, { kind: 'desktop-extended', actorId: person.id, subjectId: row.ownerId, details });
  }

  private async message(manager: EntityManager, person: Person, row: InstanceEntity, text: string): Promise<void> {
    await this.messages.send(manager, row.id, sender(person), text);
    const details = { desktop: row.id, proposal: row.proposalName, text };
    await writeAudit(manager, { kind: 'desktop-message', actorId: person.id, subjectId: row.ownerId, details });
  }

  private refused(id: string, error: unknown): DesktopActionResult {
    if (error instanceof ApiError) return { id, done: false, code: error.code, message: error.message };
    this.logger.error(`desktop ${id}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return { id, done: false, code: 'INTERNAL', message: 'Something went wrong here. Nothing was changed; try again.' };
  }
}

/** By the role in which they may. */
function sender({ id, roles }: Person): { id: string; role: Role } {
  return { id, role: roles.includes('ADMIN') ? 'ADMIN' : 'STAFF' };
}
