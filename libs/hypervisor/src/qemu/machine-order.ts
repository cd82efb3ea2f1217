import { z } from 'zod';

const id = z.uuid();
const absolutePath = z
  .string()
  .max(1024)
  .regex(/^\/[^\0\n]*$/, 'must be an absolute path');
/** Numeric and never root's. */
const numericId = z.int().min(1).max(4_294_967_294);

export const runAsSchema = z.strictObject({ uid: numericId, gid: numericId, groups: z.array(numericId).max(64) });

const boot = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('disk') }),
  z.strictObject({
    kind: z.literal('kernel'),
    kernel: absolutePath,
    initrd: absolutePath,
    cmdline: z
      .string()
      .max(1024)
      .regex(/^[\x20-\x7e]*$/),
  }),
]);

/** All that decides how a machine's process is started; a `MachineSpec` without its secret. */
export const machineOrder = z.strictObject({
  id,
  installation: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  image: z.strictObject({ id: z.string().max(128), disk: absolutePath, boot, agent: z.boolean(), sha256: z.string().regex(/^[0-9a-f]{64}$/).nullable() }),
  flavour: z.strictObject({
    vcpus: z.int().min(1).max(256),
    memoryMib: z.int().min(32).max(4_194_304),
    diskMib: z.int().min(1).max(67_108_864),
  }),
  console: z.strictObject({ protocol: z.enum(['vnc', 'rdp']), port: z.int().min(1024).max(65_535) }),
  shares: z
    .array(
      z.strictObject({
        tag: z.string().regex(/^[a-z][a-z0-9]{0,15}$/),
        hostPath: absolutePath,
        readOnly: z.boolean(),
        limitMib: z.int().positive().nullable(),
      }),
    )
    .max(6)
    .refine((shares) => new Set(shares.map(({ tag }) => tag)).size === shares.length, 'tags must differ'),
  runAs: runAsSchema.nullable(),
});
export type MachineOrder = z.infer<typeof machineOrder>;
export const machineId = id;
