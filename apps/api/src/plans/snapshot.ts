import type { ImageSetup } from '@beamdesk/contracts';
import type { BootScript } from '@beamdesk/hypervisor';
import type { PlanExtension, PlanNetwork, PlanSnapshot } from '../instances/plan-snapshot';

/** A plan with its flavour and, where there is one, the active version of its image. */
export interface PlanRow {
  id: string;
  name: string;
  description: string;
  image_id: string;
  lifetime_minutes: number;
  keeps_disk: boolean;
  idle_minutes: number | null;
  network: PlanNetwork;
  extension: PlanExtension | null;
  keyboard: string | null;
  boot_script: BootScript | null;
  image_values: Record<string, string>;
  vcpus: number;
  memory_mib: number;
  disk_mib: number;
  gpus: number;
  /** Null: as the folder of the image says, or not known. */
  image_version: number | null;
  setup: ImageSetup | null;
  virtual_mib: number | null;
}

/** What a launch with this plan is promised. */
export function snapshotOf(row: PlanRow): PlanSnapshot {
  // The machine's disk is never smaller than its image's, so that is what it costs.
  const diskMib = Math.max(row.disk_mib, row.virtual_mib ?? 0);
  const { vcpus, gpus } = row;
  const own = setUp(row.setup, row.image_values);
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    imageId: row.image_id,
    imageVersion: row.image_version,
    flavour: { vcpus, memoryMib: row.memory_mib, diskMib, gpus },
    needs: { machines: 1, vcpus, memoryMib: row.memory_mib, storageMib: diskMib, gpus },
    lifetimeMinutes: row.lifetime_minutes,
    keepsDisk: row.keeps_disk,
    idleMinutes: row.idle_minutes,
    network: row.network,
    extension: row.extension,
    keyboard: row.keyboard,
    bootScript: row.boot_script ?? own.bootScript,
    cloudInit: own.cloudInit,
  };
}

/** What an image's own setup comes to with a plan's values; names it does not document are left out. */
export function setUp(
  setup: ImageSetup | null,
  given: Record<string, string>,
): Pick<PlanSnapshot, 'bootScript' | 'cloudInit'> {
  if (setup === null) return { bootScript: null, cloudInit: null };
  const values = Object.fromEntries(
    setup.values.map(({ name, value }) => [name, Object.hasOwn(given, name) ? (given[name] ?? value) : value]),
  );
  if (setup.kind === 'script') return { bootScript: { text: setup.text, values }, cloudInit: null };
  const userData = setup.text.replace(/\{\{([a-z][a-z0-9_]{0,31})\}\}/g, (place, name: string) =>
    Object.hasOwn(values, name) ? (values[name] ?? place) : place,
  );
  return { bootScript: null, cloudInit: { userData } };
}
