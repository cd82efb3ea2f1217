import { z } from 'zod';
import { auditPerson } from './audit';
import { consoleProtocol } from './display';
import { planNetwork } from './instance';
import { beamlineId, line, scriptText, text } from './input';

/** Id of an image, flavour or plan, chosen by who makes it; never changed. */
export const catalogueId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'must be 1 to 63 of a-z 0-9 -, not beginning with -');

/** From where an entry is: the site file (read-only in the pages), or made by an admin and kept in the database. */
export const entryOrigin = z.enum(['site', 'admin']).meta({ id: 'EntryOrigin' });
export type EntryOrigin = z.infer<typeof entryOrigin>;

/**
 * importing: being taken in. draft: can be tried by admins. active: what launches use, one of each image. retired: not
 * offered for new launches; those that run or are kept go on. failed: could not be taken in, `failure` says why.
 */
export const imageVersionState = z.enum(['importing', 'draft', 'active', 'retired', 'failed']).meta({ id: 'ImageVersionState' });
export type ImageVersionState = z.infer<typeof imageVersionState>;

/** What an image comes in as; the machine boots our own qcow2 that is made of it, or the ISO as it is. */
export const imageFormat = z.enum(['qcow2', 'raw', 'vdi', 'vmdk', 'vhd', 'vhdx', 'iso']).meta({ id: 'ImageFormat' });
export type ImageFormatName = z.infer<typeof imageFormat>;

export const imageArchitecture = z.enum(['x86_64', 'aarch64']).meta({ id: 'ImageArchitecture' });
export const imageFirmware = z.enum(['bios', 'uefi']).meta({ id: 'ImageFirmware' });

const valueName = z.string().regex(/^[a-z][a-z0-9_]{0,31}$/, 'a name is 1 to 32 of a-z 0-9 _, beginning with a letter');
const valueText = z
  .string()
  .max(1024)
  .regex(/^[^\0]*$/, 'holds a NUL');

/** A value of a boot script or of user data: what it is for, and what it is where a plan says nothing. */
export const setupValue = z
  .strictObject({ name: valueName, description: line(300), value: valueText })
  .meta({ id: 'SetupValue' });
export type SetupValue = z.infer<typeof setupValue>;

/** What plans say in place of an image's own values, or to a script of their own. */
export const givenValues = z
  .record(valueName, valueText)
  .refine((values) => Object.keys(values).length <= 64, 'holds more than 64 values');

/**
 * What sets a machine of this image up. script: run as root by our agent in every desktop, before its owner sees it; values as
 * `BEAMDESK_VALUE_<NAME>`. cloud-init: user data; `{{name}}` becomes the value.
 */
export const imageSetup = z
  .strictObject({
    kind: z.enum(['script', 'cloud-init']),
    text: scriptText,
    values: z
      .array(setupValue)
      .max(64)
      .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, 'a name occurs twice')
      .default([]),
  })
  .meta({ id: 'ImageSetup' });
export type ImageSetup = z.infer<typeof imageSetup>;

export const softwareEntry = z
  .strictObject({ name: line(100), version: line(60).nullable().default(null) })
  .meta({ id: 'Software' });
export type SoftwareEntry = z.infer<typeof softwareEntry>;

/** What is said of a version when it is registered; may be changed while it is importing or a draft. */
const traits = {
  protocol: consoleProtocol.default('vnc'),
  firmware: imageFirmware.default('bios'),
  architecture: imageArchitecture.default('x86_64'),
  /** The guest runs our agent: it tells when the session is on the screen, mounts data, runs boot scripts. */
  agent: z.boolean().default(false),
  /** Desktops may be copies of a prepared one; false: each boots. */
  clonable: z.boolean().default(true),
  /** How many GPUs its software needs; plans with a smaller flavour are refused. */
  gpus: z.int().min(0).max(16).default(0),
  setup: imageSetup.nullable().default(null),
  software: z.array(softwareEntry).max(1000).default([]),
};
export const imageTraits = z.strictObject(traits).meta({ id: 'ImageTraits' });
export type ImageTraits = z.infer<typeof imageTraits>;

/** `PATCH …/versions/:version`: what is absent stays. */
export const imageTraitsChange = z
  .strictObject({
    protocol: consoleProtocol.optional(),
    firmware: imageFirmware.optional(),
    architecture: imageArchitecture.optional(),
    agent: z.boolean().optional(),
    clonable: z.boolean().optional(),
    gpus: z.int().min(0).max(16).optional(),
    setup: imageSetup.nullable().optional(),
    software: z.array(softwareEntry).max(1000).optional(),
  })
  .meta({ id: 'ImageTraitsChange' });
export type ImageTraitsChange = z.infer<typeof imageTraitsChange>;

/** A name in the server's folder of incoming images, never a path. */
export const incomingName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^/\0\r\n]+$/, 'must be a name without /')
  .refine((name) => !name.startsWith('.'), 'must not begin with a dot');

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits in lower case');

/** From where a version is taken. upload: the id of a finished upload of one's own, the last part of its address. */
export const imageSource = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('file'), name: incomingName }),
    z.strictObject({ kind: z.literal('upload'), upload: z.string().regex(/^[0-9a-f]{32}$/, 'must be the id of an upload') }),
    z.strictObject({ kind: z.literal('url'), url: z.url({ protocol: /^https?$/ }).max(2000), sha256 }),
  ])
  .meta({ id: 'ImageSource' });
export type ImageSource = z.infer<typeof imageSource>;

/** `POST /api/images/:id/versions`. */
export const newImageVersion = z
  .strictObject({
    source: imageSource,
    /** A disk without any mark of a format is taken as raw only on this wish. */
    asRaw: z.boolean().default(false),
    ...traits,
  })
  .meta({ id: 'NewImageVersion' });
export type NewImageVersion = z.infer<typeof newImageVersion>;

/** To which beamlines, techniques and groups of people plans with this image are offered. Empty: wherever its plans say. */
export const imageOffering = z
  .strictObject({
    beamlines: z.array(beamlineId).max(200).default([]),
    techniques: z.array(catalogueId).max(200).default([]),
    groups: z.array(line(200)).max(200).default([]),
  })
  .meta({ id: 'ImageOffering' });
export type ImageOffering = z.infer<typeof imageOffering>;

/** What stands beside images in addresses of pages and of the api. */
const TAKEN_IDS = ['files', 'flavours', 'gpus', 'new', 'plans'];

/** `POST /api/images`. */
export const newImage = z
  .strictObject({
    id: catalogueId.refine((id) => !TAKEN_IDS.includes(id), 'is a word of the portal, take another one'),
    name: line(100),
    description: text(0, 2000).default(''),
    offering: imageOffering.default({ beamlines: [], techniques: [], groups: [] }),
  })
  .meta({ id: 'NewImage' });
export type NewImage = z.infer<typeof newImage>;

/** `PATCH /api/images/:id`: what is absent stays. */
export const imageChange = z
  .strictObject({ name: line(100).optional(), description: text(0, 2000).optional(), offering: imageOffering.optional() })
  .meta({ id: 'ImageChange' });
export type ImageChange = z.infer<typeof imageChange>;

/** What was done with a version. */
export const imageVersionEvent = z
  .object({
    at: z.iso.datetime(),
    what: z.enum(['registered', 'taken-in', 'failed', 'changed', 'activated', 'retired', 'tried', 'aborted', 'retried']),
    /** Null: the portal itself, or the site file. */
    who: auditPerson.nullable(),
  })
  .meta({ id: 'ImageVersionEvent' });
export type ImageVersionEvent = z.infer<typeof imageVersionEvent>;

export const imageStep = z.enum(['waiting', 'fetching', 'inspecting', 'converting', 'storing']).meta({ id: 'ImageStep' });
export type ImageStep = z.infer<typeof imageStep>;

export const imageVersionView = z
  .object({
    number: z.int().positive(),
    state: imageVersionState,
    /** While importing. `fraction` of the step, 0 to 1; null: not known. */
    progress: z.object({ step: imageStep, fraction: z.number().min(0).max(1).nullable() }).nullable(),
    /** `detail`: particulars of this file; null: none. */
    failure: z.object({ code: z.string(), message: z.string(), detail: z.string().nullable() }).nullable(),
    /** recipe: a folder that the site file names. `name`: of the file, or the address. */
    source: z.object({ kind: z.enum(['recipe', 'file', 'upload', 'url']), name: z.string() }),
    /** Null until it is known: taken in, or read from the folder. */
    format: imageFormat.nullable(),
    sha256: z.string().nullable(),
    sizeBytes: z.int().nonnegative().nullable(),
    virtualMib: z.int().nonnegative().nullable(),
    boot: z.enum(['disk', 'iso', 'kernel']),
    protocol: consoleProtocol,
    firmware: imageFirmware,
    architecture: imageArchitecture,
    agent: z.boolean(),
    clonable: z.boolean(),
    gpus: z.int().nonnegative(),
    setup: imageSetup.nullable(),
    software: z.array(softwareEntry),
    /** What holds on to it; it can be deleted while all are 0. `desktops`: run or have a kept disk. */
    uses: z.object({ desktops: z.int().nonnegative(), keptDisks: z.int().nonnegative() }),
    /** The caller's own trial of it; null: none. */
    trial: z.uuid().nullable(),
    createdAt: z.iso.datetime(),
    createdBy: auditPerson.nullable(),
    /** Oldest first. */
    history: z.array(imageVersionEvent),
  })
  .meta({ id: 'ImageVersion' });
export type ImageVersionView = z.infer<typeof imageVersionView>;

export const imageView = z
  .object({
    id: z.string(),
    name: z.string(),
    description: z.string(),
    origin: entryOrigin,
    offering: imageOffering,
    /** Plans that name it. */
    plans: z.array(z.object({ id: z.string(), name: z.string() })),
    createdAt: z.iso.datetime().nullable(),
    createdBy: auditPerson.nullable(),
    /** Newest first. */
    versions: z.array(imageVersionView),
  })
  .meta({ id: 'Image' });
export type ImageView = z.infer<typeof imageView>;

/** `GET /api/images`: by name. */
export const imagesView = z.object({ items: z.array(imageView) }).meta({ id: 'Images' });
export type ImagesView = z.infer<typeof imagesView>;

/** `POST …/versions/:version/try`: what the trial runs on; absent: the smallest flavour that has the GPUs it needs. */
export const imageTrial = z
  .strictObject({ flavour: catalogueId.optional(), network: planNetwork.default('none') })
  .meta({ id: 'ImageTrial' });
export type ImageTrial = z.infer<typeof imageTrial>;

/** `GET /api/uploads/:upload`: how far an upload of one's own came. */
export const uploadView = z
  .object({ name: z.string(), sizeBytes: z.int().nonnegative(), receivedBytes: z.int().nonnegative() })
  .meta({ id: 'Upload' });
export type UploadView = z.infer<typeof uploadView>;

/** `GET /api/images/files`: what lies in the server's folder of incoming images, and what else a form needs. */
export const incomingFiles = z
  .object({
    items: z.array(z.object({ name: z.string(), sizeBytes: z.int().nonnegative(), modifiedAt: z.iso.datetime() })),
    /** More of them than are listed. */
    more: z.boolean(),
    /** Hosts that addresses may name; empty: images are not taken from addresses here. */
    urlHosts: z.array(z.string()),
    /** Of one upload. */
    uploadLimitBytes: z.int().nonnegative(),
  })
  .meta({ id: 'IncomingFiles' });
export type IncomingFiles = z.infer<typeof incomingFiles>;
