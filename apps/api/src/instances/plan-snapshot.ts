import type { PlanView } from '@beamdesk/contracts';
import type { BootScript, Flavour } from '@beamdesk/hypervisor';
import type { Resources } from '@beamdesk/quota';

/** The plan as it was at the click: what an instance was promised never changes when the offer does. */
export interface PlanSnapshot {
  id: string;
  name: string;
  description: string;
  imageId: string;
  flavour: Flavour;
  needs: Resources;
  lifetimeMinutes: number;
  keepsDisk: boolean;
  /** XKB; null: as the image has it. */
  keyboard: string | null;
  bootScript: BootScript | null;
}

/** What pages show of a plan; no image path, no host detail, no script. */
export function planView(plan: PlanSnapshot): PlanView {
  const { id, name, description, needs, lifetimeMinutes, keepsDisk } = plan;
  return { id, name, description, needs: { ...needs }, lifetimeMinutes, keepsDisk };
}
