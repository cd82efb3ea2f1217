import type { PlanExtension, PlanNetwork, PlanView } from '@beamdesk/contracts';
import type { BootScript, CloudInit, Flavour } from '@beamdesk/hypervisor';
import type { Resources } from '@beamdesk/quota';

export type { PlanExtension, PlanNetwork };

/** The plan as it was at the click: what an instance was promised never changes when the offer does. */
export interface PlanSnapshot {
  id: string;
  name: string;
  description: string;
  imageId: string;
  /** Which version of the image; null, and absent in old rows: what the image's folder holds. */
  imageVersion?: number | null;
  /** With how many GPUs its machine gets; absent: none. A hypervisor is told the rest alone: `machineFlavour`. */
  flavour: Flavour & { gpus?: number };
  needs: Resources;
  lifetimeMinutes: number;
  keepsDisk: boolean;
  /** Minutes without use after which its desktops are stopped; null, and absent in old rows: never. */
  idleMinutes?: number | null;
  /** Absent in old rows: none. */
  network?: PlanNetwork;
  /** By how much and how often its owner may extend it without asking; null, and absent in old rows: not at all. */
  extension?: PlanExtension | null;
  /** XKB; null: as the image has it. */
  keyboard: string | null;
  bootScript: BootScript | null;
  /** User data with all values put in; null, and absent in old rows: none. */
  cloudInit?: CloudInit | null;
}

/** What pages show of a plan; no image path, no host detail, no script. */
export function planView(plan: PlanSnapshot): PlanView {
  const { id, name, description, needs, lifetimeMinutes, keepsDisk } = plan;
  const { idleMinutes = null, network = 'none', extension = null } = plan;
  return { ...{ id, name, description, needs: { ...needs }, lifetimeMinutes, keepsDisk }, idleMinutes, network, extension };
}

/** What a hypervisor knows of a flavour; GPUs are leased and named one by one. */
export function machineFlavour({ vcpus, memoryMib, diskMib }: Flavour): Flavour {
  return { vcpus, memoryMib, diskMib };
}
