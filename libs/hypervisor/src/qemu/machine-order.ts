import { z } from 'zod';
import { plainName } from './plain-name';

const id = z.uuid();
const absolutePath = z
  .string()
  .max(1024)
  .regex(/^\/[^\0\n]*$/, 'must be an absolute path');
/** Numeric and never root's. */
const numericId = z.int().min(1).max(4_294_967_294);

export const runAsSchema = z.strictObject({ uid: numericId, gid: numericId, groups: z.array(numericId).max(64) });

const name = z.string().regex(plainName);
const namedRunAs = z.strictObject({ account: z.union([name, runAsSchema]), groups: z.array(name).max(16) });

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A hash over all that must be equal in a template's copies. */
export const templateKey = sha256;
/** Name of one build of a template. */
export const templateId = sha256;

const boot = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('disk') }),
  z.strictObject({ kind: z.literal('iso') }),
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

export const orderImage = z.strictObject({
  id: z.string().max(128),
  disk: absolutePath,
  boot,
  architecture: z.enum(['x86_64', 'aarch64']).default('x86_64'),
  firmware: z.enum(['bios', 'uefi']).default('bios'),
  clonable: z.boolean().default(true),
  agent: z.boolean(),
  sha256: sha256.nullable().default(null),
  keymap: absolutePath.nullable().default(null),
});

const flavour = z.strictObject({
  vcpus: z.int().min(1).max(256),
  memoryMib: z.int().min(32).max(4_194_304),
  diskMib: z.int().min(1).max(67_108_864),
});
const network = z.enum(['none', 'outbound']).default('none');
/** Domain, bus, device and function, as sysfs names its folders. */
export const pciAddress = z.string().regex(/^[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7]$/);
const protocol = z.enum(['vnc', 'rdp']);
const tag = z.string().regex(/^[a-z][a-z0-9]{0,15}$/);
const kind = z.enum(['9p', 'virtiofs']).default('9p');
/** A name of RFC 1123, or an address. */
const server = z.string().max(253).regex(/^(?:[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+)$/, 'must be a host name or an address');
const exportPath = z.string().max(512).regex(/^\/[\x20-\x7e]*$/, 'must be an absolute path');

const haveOwnTags = (shares: { tag: string }[]) => new Set(shares.map((share) => share.tag)).size === shares.length;

/** All that decides how a machine's process is started; a `MachineSpec` without its secret. */
export const machineOrder = z.strictObject({
  id,
  installation: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/),
  image: orderImage,
  flavour,
  console: z.strictObject({ protocol, port: z.int().min(1024).max(65_535) }),
  shares: z
    .array(
      z.strictObject({
        tag,
        kind,
        hostPath: absolutePath,
        readOnly: z.boolean(),
        limitMib: z.int().positive().nullable(),
      }),
    )
    .max(6)
    .refine(haveOwnTags, 'tags must differ')
    .refine((shares) => shares.every((share) => share.kind === '9p' || share.readOnly), 'virtiofs is for reading only'),
  nfs: z.array(z.strictObject({ tag, server, exportPath })).max(4).refine(haveOwnTags, 'tags must differ').default([]),
  network,
  cloudInit: z.strictObject({ userData: z.string().max(65_536) }).nullable().default(null),
  gpus: z.array(pciAddress).max(8).refine((all) => new Set(all).size === all.length, 'each card once').default([]),
  runAs: z.union([runAsSchema, namedRunAs]).nullable(),
  /** Of its last launch, for the log. */
  requestId: z.string().max(64).nullish(),
  /** The template its disk lies on; null: the image itself. */
  template: templateId.nullable().default(null),
});
export type MachineOrder = z.infer<typeof machineOrder>;
export const machineId = id;

/** What a template is made for; a `TemplateSpec`, checked. */
export const templateOrder = z.strictObject({
  image: orderImage,
  flavour,
  protocol,
  shares: z.array(z.strictObject({ tag, kind, readOnly: z.boolean() })).max(6).refine(haveOwnTags, 'tags must differ'),
  nfs: z.boolean().default(false),
  network,
  cloudInit: z.boolean().default(false),
  gpus: z.int().min(0).max(8).default(0),
});
export type TemplateOrder = z.infer<typeof templateOrder>;
