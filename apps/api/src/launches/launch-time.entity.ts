import type { LaunchPath } from '@beamdesk/hypervisor';
import { Check, Column, Entity, Index, PrimaryGeneratedColumn } from 'typeorm';

/** How long one launch took from the click to a session on the screen. The last few of each kind are kept. */
@Entity('launch_time')
@Index('launch_time_kind', ['imageId', 'vcpus', 'memoryMib', 'diskMib', 'path', 'id'])
@Check('launch_time_path', `"path" IN ('clone','cold')`)
export class LaunchTimeEntity {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' })
  id: string;

  @Column({ type: 'text' })
  imageId: string;

  @Column({ type: 'integer' })
  vcpus: number;

  @Column({ type: 'integer' })
  memoryMib: number;

  @Column({ type: 'integer' })
  diskMib: number;

  @Column({ type: 'text' })
  path: LaunchPath;

  @Column({ type: 'double precision' })
  seconds: number;
}
