import { Column, Entity, PrimaryGeneratedColumn, Unique } from 'typeorm';

/** The copy of what one catalogue account may see. Another name, or other groups, is another account with a copy of its own. */
@Entity('catalogue_copy')
@Unique(['digest'])
export class CatalogueCopyEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint', generatedIdentity: 'BY DEFAULT' })
  id: string;

  /** SHA-256 of catalogue, name and groups: see `accountDigest`. */
  @Column({ type: 'bytea' })
  digest: Buffer;

  @Column({ type: 'text' })
  catalogue: string;

  /** The account's name in the catalogue. */
  @Column({ type: 'text' })
  account: string;

  /** How many the catalogue named. */
  @Column({ type: 'integer', default: 0 })
  proposals: number;

  /** When the catalogue was asked for what stands here; null: it never answered. */
  @Column({ type: 'timestamptz', nullable: true })
  observedAt: Date | null;

  /** When the catalogue last took a membership back that stood here: what it was asked before that no longer counts. */
  @Column({ type: 'timestamptz', nullable: true })
  correctedAt: Date | null;

  /** When somebody last wanted it, within minutes; long unwanted copies go. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  wantedAt: Date;
}
