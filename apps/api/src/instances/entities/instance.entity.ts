import type { InstanceState, QueueReason, WantedState } from '@beamdesk/contracts';
import type { LaunchPath, Protocol } from '@beamdesk/hypervisor';
import { Check, Column, Entity, ForeignKey, Index, PrimaryColumn } from 'typeorm';
import { UserAccountEntity } from '../../auth/entities/user-account.entity';
import type { DataAccess } from '../data-access';
import type { PlanSnapshot } from '../plan-snapshot';

export type WantedReason = 'launched' | 'stopped' | 'deleted' | 'expired' | 'guest-poweroff' | 'membership-lost' | 'idle' | 'stopped-by-staff';

/**
 * Our record of a desktop. Two columns, two writers: `wanted` is written by people, expiry and the membership check; `state`
 * by the reconciler alone (REQUESTED apart, which the click's transaction writes).
 */
@Entity('instance')
@Index('instance_one_live', ['ownerId', 'proposalKey', 'service'], { unique: true, where: `"state" <> 'DELETED'` })
@Index(['hostId', 'state'])
@Index('instance_proposal_live', ['proposalKey'], { where: `"state" <> 'DELETED'` })
@Index('instance_beamline_live', ['beamlineId'], { where: `"state" <> 'DELETED'` })
@Check(
  'instance_state',
  `"state" IN ('REQUESTED','BUILDING','STARTING','READY','STOPPING','STOPPED','FAILED','DELETING','DELETED')`,
)
@Index('instance_queued', ['queuedAt'], { where: `"queued_at" IS NOT NULL` })
@Check(
  'instance_queue',
  `"host_id" IS NOT NULL OR "queued_at" IS NOT NULL OR "state" IN ('DELETING', 'DELETED', 'FAILED')`,
)
@Check('instance_launch_path', `"launch_path" IN ('clone','cold')`)
@Check('instance_wanted', `"wanted" IN ('RUNNING','STOPPED','DELETED')`)
@Check(
  'instance_allocation',
  `"alloc_machines" >= 0 AND "alloc_vcpus" >= 0 AND "alloc_memory_mib" >= 0 AND "alloc_storage_mib" >= 0 AND "alloc_gpus" >= 0`,
)
export class InstanceEntity {
  /** Chosen by us before anything exists; also the machine's. */
  @PrimaryColumn({ type: 'uuid' })
  id: string;

  @Column({ type: 'uuid' })
  installationId: string;

  @Column({ type: 'uuid' })
  @ForeignKey(() => UserAccountEntity)
  ownerId: string;

  @Column({ type: 'text' })
  proposalKey: string;

  /** Name and title as they were at the click: the lists need no catalogue. */
  @Column({ type: 'text' })
  proposalName: string;

  @Column({ type: 'text' })
  proposalTitle: string;

  @Column({ type: 'text' })
  catalogue: string;

  @Column({ type: 'text' })
  service: string;

  @Column({ type: 'text' })
  planId: string;

  @Column({ type: 'jsonb', name: 'plan_snapshot' })
  plan: PlanSnapshot;

  @Column({ type: 'jsonb' })
  dataAccess: DataAccess;

  /** The host that runs it; while it waits in the queue: the host of its kept disk, or null. */
  @Column({ type: 'text', nullable: true })
  hostId: string | null;

  /** Since when it waits for a host; null: it does not wait. */
  @Column({ type: 'timestamptz', nullable: true })
  queuedAt: Date | null;

  /** From 1, as the queue's keeper counted last. */
  @Column({ type: 'integer', nullable: true })
  queuePosition: number | null;

  /** What the hosts are short of. */
  @Column({ type: 'text', nullable: true })
  queueReason: QueueReason | null;

  /** Id of the request that launched it last: the same in the logs of api, bridge and machines. Null: launched before this was noted. */
  @Column({ type: 'text', nullable: true })
  requestId: string | null;

  /** When it was last seen in use: a session, or work of its processors. */
  @Column({ type: 'timestamptz', nullable: true })
  lastBusyAt: Date | null;

  /** Nobody uses it: it stops then unless somebody does, and its members are told so. Null: it is in use, or its plan has no idle time. */
  @Column({ type: 'timestamptz', nullable: true })
  idleStopAt: Date | null;

  /** Processor time its machine had used at `cpuSeenAt`, seconds. */
  @Column({ type: 'double precision', nullable: true })
  cpuSeconds: number | null;

  @Column({ type: 'timestamptz', nullable: true })
  cpuSeenAt: Date | null;

  @Column({ type: 'text' })
  state: InstanceState;

  /** Counts the moves: compare-and-set on it can't mistake a later BUILDING for an earlier one. */
  @Column({ type: 'integer', default: 0 })
  revision: number;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  stateSince: Date;

  @Column({ type: 'text', default: 'RUNNING' })
  wanted: WantedState;

  /** Who or what wrote `wanted` last; becomes the reason of the moves that follow. */
  @Column({ type: 'text', default: 'launched' })
  wantedReason: WantedReason;

  /** What is going on in words; null when nothing is under way. */
  @Column({ type: 'text', nullable: true })
  step: string | null;

  /** Set before the machine is taken away and kept in FAILED: a kill in between finishes the same failure. */
  @Column({ type: 'text', nullable: true })
  failureCode: string | null;

  @Column({ type: 'text', nullable: true })
  failureMessage: string | null;

  /** A remark that does not stop the work. */
  @Column({ type: 'text', nullable: true })
  notice: string | null;

  @Column({ type: 'integer' })
  allocMachines: number;

  @Column({ type: 'integer' })
  allocVcpus: number;

  @Column({ type: 'integer' })
  allocMemoryMib: number;

  @Column({ type: 'integer' })
  allocStorageMib: number;

  @Column({ type: 'integer', default: 0 })
  allocGpus: number;

  /** The beamline it counts for, at its last launch: that of the latest visit the site knows; null: of none. */
  @Column({ type: 'text', nullable: true })
  beamlineId: string | null;

  @Column({ type: 'timestamptz', default: () => 'now()' })
  createdAt: Date;

  /** Null: never (a stopped desktop waits for its owner). */
  @Column({ type: 'timestamptz', nullable: true })
  expiresAt: Date | null;

  /** How often its owner made it live longer since its last launch, as the plan allows without asking. */
  @Column({ type: 'integer', default: 0 })
  extensionsUsed: number;

  /** The expiry that a mail was written about; null: none yet. */
  @Column({ type: 'timestamptz', nullable: true })
  endingMailedFor: Date | null;

  @Column({ type: 'timestamptz', nullable: true })
  lastAccessAt: Date | null;

  /** When the hypervisor last answered for this machine. */
  @Column({ type: 'timestamptz', nullable: true })
  observedAt: Date | null;

  /** The hypervisor could not be asked since `observedAt`. */
  @Column({ type: 'boolean', default: false })
  unreachable: boolean;

  /** The last click that asked for it to run. */
  @Column({ type: 'timestamptz', default: () => 'now()' })
  launchedAt: Date;

  /** The hypervisor first accepted a machine for this record (it may be gone since). */
  @Column({ type: 'timestamptz', nullable: true })
  builtAt: Date | null;

  /** Last READY: somebody may have work on its disk; later than `launchedAt`, also in its memory. */
  @Column({ type: 'timestamptz', nullable: true })
  readyAt: Date | null;

  /** Of the image its disk was made on; null: nothing made yet, or made before this was noted. */
  @Column({ type: 'text', name: 'image_sha256', nullable: true })
  imageSha256: string | null;

  /** How the machine came up at this launch; null while that is not decided. */
  @Column({ type: 'text', nullable: true })
  launchPath: LaunchPath | null;

  /** Why it booted although a copy would have been quicker, for the user. */
  @Column({ type: 'text', nullable: true })
  launchColdReason: string | null;

  @Column({ type: 'timestamptz', nullable: true })
  membershipCheckedAt: Date | null;

  /** The catalogue said the owner is no longer a member; sessions are refused from then on. */
  @Column({ type: 'timestamptz', nullable: true })
  membershipLostAt: Date | null;

  @Column({ type: 'text', nullable: true })
  consoleProtocol: Protocol | null;

  @Column({ type: 'integer', nullable: true })
  consolePort: number | null;

  /** Sealed by ConsoleSecrets; read only where a console is opened, never with the row. */
  @Column({ type: 'bytea', nullable: true, select: false })
  consoleSecret?: Buffer | null;
}
