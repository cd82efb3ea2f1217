import type { DesktopMessage, InstanceView, MemberRole, QueueView } from '@beamdesk/contracts';
import { Injectable } from '@nestjs/common';
import { DataSource, type SelectQueryBuilder } from 'typeorm';
import { type ExpectedSeconds, LaunchTimes } from '../launches/launch-times';
import { launchOf } from '../launches/launch-view';
import { allocationOf } from './allocation';
import { InstanceEntity } from './entities/instance.entity';
import { MemberEntity } from './entities/member.entity';
import { messagesOf } from '../monitor/messages-of';
import { planView } from './plan-snapshot';

const LOST_MEMBERSHIP =
  'You are no longer on the team of this proposal: the desktop is closed to you and stops soon. Files in scratch are kept.';

/** The one mapping from a row to what pages see: no host, no console, no path. */
export function instanceView(row: InstanceEntity, role: MemberRole, expected: ExpectedSeconds): InstanceView {
  const failed = row.state === 'FAILED' && row.failureCode !== null;
  return {
    id: row.id,
    proposalKey: row.proposalKey,
    proposalName: row.proposalName,
    proposalTitle: row.proposalTitle,
    service: row.service,
    plan: planView(row.plan),
    state: row.state,
    wanted: row.wanted,
    step: row.step,
    stateSince: row.stateSince.toISOString(),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    extensionsUsed: row.extensionsUsed,
    lastAccessAt: row.lastAccessAt?.toISOString() ?? null,
    unreachable: row.unreachable,
    observedAt: row.observedAt?.toISOString() ?? null,
    failure: failed
      ? {
          code: row.failureCode ?? 'FAILED',
          message: row.failureMessage ?? 'Your desktop failed.',
          ...(row.requestId !== null && { requestId: row.requestId }),
        }
      : null,
    notice: row.membershipLostAt ? LOST_MEMBERSHIP : row.notice,
    launch: launchOf(row, expected),
    queue: queueOf(row),
    idleStopAt: row.idleStopAt?.toISOString() ?? null,
    allocation: allocationOf(row),
    role,
  };
}

function queueOf({ queuedAt, queuePosition, queueReason }: InstanceEntity): QueueView | null {
  return queuedAt && { position: queuePosition ?? 1, reason: queueReason ?? 'turn', since: queuedAt.toISOString() };
}

/** Instances as one user may see them: those they are a member of, and no other. */
@Injectable()
export class InstanceViews {
  constructor(
    private readonly dataSource: DataSource,
    private readonly times: LaunchTimes,
  ) {}

  /** All that are not DELETED, newest first. */
  forUser(userId: string): Promise<InstanceView[]> {
    return this.read(
      this.of(userId).andWhere(`i.state <> 'DELETED'`).orderBy('i.createdAt', 'DESC').addOrderBy('i.id'),
    );
  }

  /** DELETED ones too; null: unknown, or not a member. */
  async one(id: string, userId: string): Promise<InstanceView | null> {
    const [view] = await this.read(this.of(userId).andWhere('i.id = :id', { id }));
    return view ?? null;
  }

  /** The user's own live instances of one service, by proposal key; one query for a whole page. */
  async ownByProposal(userId: string, service: string, keys: string[]): Promise<Map<string, InstanceView>> {
    if (keys.length === 0) return new Map();
    const own = this.of(userId)
      .andWhere('i.ownerId = :userId AND i.service = :service AND i.proposalKey IN (:...keys)', { service, keys })
      .andWhere(`i.state <> 'DELETED'`);
    return new Map((await this.read(own)).map((view) => [view.proposalKey, view]));
  }

  private of(userId: string): SelectQueryBuilder<InstanceEntity> {
    return this.dataSource
      .createQueryBuilder(InstanceEntity, 'i')
      .innerJoin(MemberEntity, 'm', 'm.instanceId = i.id AND m.userId = :userId', { userId })
      .addSelect('m.role', 'role')
      .where('true');
  }

  private async read(query: SelectQueryBuilder<InstanceEntity>): Promise<InstanceView[]> {
    const [{ entities, raw }, expected] = await Promise.all([
      query.getRawAndEntities<{ role: MemberRole }>(),
      this.times.expected(),
    ]);
    const owned = entities.filter((_, i) => raw[i]?.role === 'OWNER').map(({ id }) => id);
    const messages = await messagesOf(this.dataSource, owned);
    return entities.flatMap((row, i) => {
      const role = raw[i]?.role;
      return role ? [withMessages(instanceView(row, role, expected), messages.get(row.id))] : [];
    });
  }
}

function withMessages(view: InstanceView, messages: DesktopMessage[] | undefined): InstanceView {
  return messages ? { ...view, messages } : view;
}
