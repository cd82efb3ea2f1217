import { Column, Entity, Index, PrimaryGeneratedColumn, Unique } from 'typeorm';
import type { CopiedVisit } from '../copied-rows';

/**
 * A proposal as it was shown to somebody. Accounts share a row only where the catalogue showed each of them exactly this: an
 * account that sees fewer visits of the proposal has another row. Never changed, only let go. Holds no other people.
 */
@Entity('copied_proposal')
@Unique(['digest'])
export class CopiedProposalEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id: string;

  /** SHA-256 of everything below. */
  @Column({ type: 'bytea' })
  digest: Buffer;

  @Index()
  @Column({ type: 'text' })
  key: string;

  @Column({ type: 'text' })
  facility: string;

  @Column({ type: 'text' })
  name: string;

  @Column({ type: 'text' })
  title: string;

  @Column({ type: 'text' })
  abstract: string;

  @Column({ type: 'jsonb' })
  visits: CopiedVisit[];

  /** What the catalogue says beside the beamlines' own; see `Proposal.techniques`. */
  @Column({ type: 'text', array: true, default: [] })
  techniques: string[];

  /** What is searched: name, title, abstract and beamlines, lower case without accents. */
  @Column({ type: 'text' })
  words: string;
}
