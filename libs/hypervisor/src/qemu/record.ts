import { z } from 'zod';
import { machineOrder } from './machine-order';

/** `machine.json` in a machine's folder: everything needed to take it over after a crash. Holds no secret. */
export const machineRecord = z.object({
  version: z.literal(1),
  /** making: `create` was under way. made: a machine, on or off. ending: `destroy` was under way. */
  phase: z.enum(['making', 'made', 'ending']),
  order: machineOrder,
  createdAt: z.iso.datetime(),
  /** The QEMU process of the last start; null before it. A pid alone proves nothing, with the start time it does. */
  process: z.object({ pid: z.int(), startTime: z.int() }).nullable(),
  argv: z.array(z.string()),
  /** How it came up the last time, and why not as a copy where that was to be expected. */
  path: z.enum(['cold', 'clone']).default('cold'),
  coldReason: z.string().nullable().default(null),
  /** Why it is off, noted by whoever saw it first. */
  exit: z.enum(['guest-poweroff', 'crashed', 'unknown']).nullable(),
  notice: z.string().nullable(),
  /** The guest's boot that was told whose it is, and where it mounted its shares then. */
  personalised: z
    .object({
      bootId: z.string(),
      mounts: z.array(
        z.object({ tag: z.string(), guestPath: z.string(), readOnly: z.boolean(), kind: z.enum(['9p', 'virtiofs', 'nfs']).optional() }),
      ),
    })
    .nullable(),
});
export type MachineRecord = z.infer<typeof machineRecord>;

/** Null when it is no record of this version, e.g. cut short. */
export function parseRecord(text: string): MachineRecord | null {
  try {
    return machineRecord.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
