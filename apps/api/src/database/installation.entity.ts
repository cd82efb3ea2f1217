import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** This deployment; exactly one row, written by the first migration. Every machine carries its id. */
@Entity('installation')
export class InstallationEntity {
  @PrimaryGeneratedColumn('uuid')
  id: string;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;
}
