import type { MemberRole } from '@beamdesk/contracts';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserAccountEntity } from '../../auth/entities/user-account.entity';
import { InstanceEntity } from './instance.entity';

/** Who may do what with an instance: access is decided by this table alone. The OWNER row is written with the launch. */
@Entity('member')
@Index(['userId'])
@Check('member_role', `"role" IN ('OWNER','USER','GUEST','SUPPORT')`)
export class MemberEntity {
  @PrimaryColumn({ type: 'uuid' })
  @ForeignKey(() => InstanceEntity, { onDelete: 'CASCADE' })
  instanceId: string;

  @PrimaryColumn({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity, { onDelete: 'CASCADE' })
  userId: string;

  @Column({ type: 'text' })
  role: MemberRole;
}
