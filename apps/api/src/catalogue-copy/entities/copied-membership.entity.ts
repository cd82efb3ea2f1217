import { Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { CatalogueCopyEntity } from './catalogue-copy.entity';
import { CopiedProposalEntity } from './copied-proposal.entity';

/** That the catalogue named this account as a member; what lists are sorted by stands here too, so that only a page is joined. */
@Entity('copied_membership')
@Index(['proposalId'])
export class CopiedMembershipEntity {
  @PrimaryColumn({ type: 'bigint' })
  @ForeignKey(() => CatalogueCopyEntity, { onDelete: 'CASCADE' })
  copyId: string;

  @PrimaryColumn({ type: 'text' })
  key: string;

  @Column({ type: 'bigint' })
  @ForeignKey(() => CopiedProposalEntity)
  proposalId: string;

  /** The account's own. */
  @Column({ type: 'text', array: true })
  roles: string[];

  @Column({ type: 'text' })
  nameOrder: string;

  @Column({ type: 'text' })
  titleOrder: string;

  @Column({ type: 'timestamptz', nullable: true })
  lastVisitAt: Date | null;

  /** When the catalogue said so about this proposal alone; the copy's `observedAt` counts for all of them. */
  @Column({ type: 'timestamptz', nullable: true })
  confirmedAt: Date | null;
}
