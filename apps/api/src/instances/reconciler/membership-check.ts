import type { Role } from '@beamdesk/contracts';
import { type Catalogue, CatalogueUnavailable } from '@beamdesk/catalogue';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { CatalogueAccountEntity } from '../../auth/entities/catalogue-account.entity';
import { CopyWriter } from '../../catalogue-copy/copy-writer';
import { TRIAL } from '../../images/trial/trial-key';
import { InstanceEntity } from '../entities/instance.entity';
import { wantedWhenStopped } from '../instance-lifecycle';
import type { InstanceSettings } from '../instance-settings';
import type { InstancesRepository } from '../instances.repository';

const DUE = `i.hostId = :hostId AND i.state IN ('REQUESTED', 'BUILDING', 'STARTING', 'READY') AND i.wanted = 'RUNNING'
  AND (i.membershipCheckedAt IS NULL OR i.membershipCheckedAt <= clock_timestamp() - make_interval(secs => :after))`;

/**
 * Asks every few minutes whether the owners of running desktops are still authorised, and the catalogue whether they are still
 * members. Lost: sessions close at
 * once (whoever renews or opens one looks at `membershipLostAt`), the machine stops after a grace. A catalogue that can't be
 * asked is not a loss.
 */
export class MembershipCheck {
  private readonly log = new Logger('MembershipCheck');
  private readonly copies: CopyWriter;

  constructor(
    private readonly dataSource: DataSource,
    private readonly instances: InstancesRepository,
    private readonly catalogue: Catalogue,
    private readonly settings: InstanceSettings,
  ) {
    this.copies = new CopyWriter(dataSource);
  }

  async sweep(hostId: string): Promise<void> {
    const due = await this.dataSource
      .createQueryBuilder(InstanceEntity, 'i')
      .where(DUE, { hostId, after: this.settings.membershipMs / 1000 })
      .orderBy('i.membershipCheckedAt', 'ASC', 'NULLS FIRST')
      .getMany();
    const down = new Set<string>();
    for (const row of due) {
      if (down.has(row.catalogue)) continue;
      try {
        await this.settle(row, await this.isMember(row));
      } catch (error) {
        if (!(error instanceof CatalogueUnavailable)) throw error;
        // Of this person nothing is known now; the others are asked.
        if (error.reason === 'sign-in') continue;
        this.log.warn(`memberships in '${row.catalogue}' not checked: ${error.reason}: ${error.detail}`);
        down.add(row.catalogue);
      }
    }
    await this.stopAfterGrace(hostId, [...down]);
  }

  private async isMember(row: InstanceEntity): Promise<boolean> {
    // Whoever tries an image does so as an administrator.
    if (!(await this.isAuthorised(row.ownerId, row.service === TRIAL ? ['ADMIN'] : null))) return false;
    if (!this.catalogue.has(row.catalogue)) return true;
    const account = await this.dataSource.manager.findOneBy(CatalogueAccountEntity, {
      userId: row.ownerId,
      catalogue: row.catalogue,
    });
    if (!account) return false;
    const { catalogue, name, groups } = account;
    const asked = { catalogue, name, groups };
    const member = await this.catalogue.isMember(asked, row.proposalKey);
    if (!member) await this.copies.forget(asked, row.proposalKey);
    return member;
  }

  private async isAuthorised(userId: string, roles: Role[] | null): Promise<boolean> {
    const rows = await this.dataSource.query<unknown[]>(
      `SELECT FROM authorisation WHERE user_id = $1 AND (expires_at IS NULL OR expires_at > now())
         AND ($2::text[] IS NULL OR role = ANY($2)) LIMIT 1`,
      [userId, roles],
    );
    return rows.length > 0;
  }

  private async settle(row: InstanceEntity, member: boolean): Promise<void> {
    const checked = { membershipCheckedAt: () => 'clock_timestamp()' };
    if (member === (row.membershipLostAt === null)) return this.instances.note(row, checked, true);
    this.log.warn(`owner of instance ${row.id} is ${member ? 'again' : 'no longer'} a member of ${row.proposalKey}`);
    const lost = member ? null : () => 'clock_timestamp()';
    await this.instances.note(row, { ...checked, membershipLostAt: lost });
  }

  /** Not where the catalogue is down: it may have taken back what it said. */
  private async stopAfterGrace(hostId: string, down: string[]): Promise<void> {
    const over = await this.dataSource
      .createQueryBuilder(InstanceEntity, 'i')
      .where(`i.hostId = :hostId AND i.state <> 'DELETED' AND i.wanted = 'RUNNING'`, { hostId })
      .andWhere('i.membershipLostAt <= clock_timestamp() - make_interval(secs => :grace)', {
        grace: this.settings.membershipGraceMs / 1000,
      })
      .andWhere('NOT (i.catalogue = ANY(:down))', { down })
      .getMany();
    for (const row of over) {
      await this.instances.want(row.id, wantedWhenStopped(row), 'membership-lost', ['RUNNING']);
    }
  }
}
