import { z } from 'zod';
import { catalogueId, entryOrigin, givenValues } from './image';
import { planExtension, planNetwork } from './instance';
import { beamlineId, keyboardLayout, line, scriptText, text } from './input';

const mib = z.int().min(1).max(2_000_000_000);
const gpus = z.int().min(0).max(16);

/** `POST /api/flavours`. Memory and disk in MiB. */
export const newFlavour = z
  .strictObject({
    id: catalogueId,
    vcpus: z.int().min(1).max(1024),
    memoryMib: mib,
    diskMib: mib,
    gpus: gpus.default(0),
  })
  .meta({ id: 'NewFlavour' });
export type NewFlavour = z.infer<typeof newFlavour>;

/** `PATCH /api/flavours/:id`: what is absent stays. Desktops that run or are kept stay as they are. */
export const flavourChange = z
  .strictObject({
    vcpus: z.int().min(1).max(1024).optional(),
    memoryMib: mib.optional(),
    diskMib: mib.optional(),
    gpus: gpus.optional(),
  })
  .meta({ id: 'FlavourChange' });
export type FlavourChange = z.infer<typeof flavourChange>;

export const flavourView = z
  .object({
    id: z.string(),
    origin: entryOrigin,
    vcpus: z.int().positive(),
    memoryMib: z.int().positive(),
    diskMib: z.int().positive(),
    gpus: z.int().nonnegative(),
    /** That name it; it can be deleted while there are none. */
    plans: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .meta({ id: 'FlavourAdmin' });
export type FlavourView = z.infer<typeof flavourView>;

/** `GET /api/flavours`: by size. */
export const flavoursView = z.object({ items: z.array(flavourView) }).meta({ id: 'FlavoursAdmin' });
export type FlavoursView = z.infer<typeof flavoursView>;

const minutes = z.int().min(1).max(525_600);

/** What an admin says of a plan; absent in a change: stays. */
const fields = {
  name: line(100),
  description: line(300),
  image: catalogueId,
  flavour: catalogueId,
  lifetimeMinutes: minutes,
  /** Without use for so long its desktops are stopped; null: never. */
  idleMinutes: minutes.nullable(),
  keepsDisk: z.boolean(),
  network: planNetwork,
  extension: planExtension.nullable(),
  /** Of the plans offered to a proposal, the one that a click starts. One at most for each beamline. */
  preset: z.boolean(),
  /** Null: as the image has it. */
  keyboard: keyboardLayout.nullable(),
  /** In place of the image's own script; null: the image's runs, if it has one. */
  bootScript: z.strictObject({ text: scriptText, values: givenValues }).nullable(),
  /** In place of the image's own values. */
  imageValues: givenValues,
  /** Where it is offered; one of the two holds something. */
  beamlines: z.array(beamlineId).max(200),
  techniques: z.array(catalogueId).max(200),
  /** Of those that fit equally well the lower comes first; the site file's count from 0. */
  position: z.int().min(0).max(1_000_000),
};

/** `POST /api/plans`. */
export const newPlan = z
  .strictObject({
    id: catalogueId,
    ...fields,
    idleMinutes: fields.idleMinutes.default(null),
    network: fields.network.default('none'),
    extension: fields.extension.default(null),
    preset: fields.preset.default(false),
    keyboard: fields.keyboard.default(null),
    bootScript: fields.bootScript.default(null),
    imageValues: fields.imageValues.default({}),
    beamlines: fields.beamlines.default([]),
    techniques: fields.techniques.default([]),
    position: fields.position.default(1000),
  })
  .refine(({ beamlines, techniques }) => beamlines.length + techniques.length > 0, 'must name beamlines or techniques')
  .meta({ id: 'NewPlan' });
export type NewPlan = z.infer<typeof newPlan>;

/** `PATCH /api/plans/:id`: what is absent stays. Desktops that run or are kept go on with what they were promised. */
export const planChange = z.strictObject(fields).partial().meta({ id: 'PlanChange' });
export type PlanChange = z.infer<typeof planChange>;

export const planAdminView = z
  .object({
    id: z.string(),
    origin: entryOrigin,
    ...fields,
    name: z.string(),
    description: text(0, 300),
    image: z.string(),
    flavour: z.string(),
    imageName: z.string(),
    /** Null: it can be started where it is offered. Else why not, a sentence: no active version, too few GPUs. */
    unavailable: z.string().nullable(),
    /** Live desktops with it; they go on when it is changed or deleted. */
    desktops: z.int().nonnegative(),
  })
  .meta({ id: 'PlanAdmin' });
export type PlanAdminView = z.infer<typeof planAdminView>;

/** `GET /api/plans`: in the order in which they are offered. With what a form chooses from. */
export const plansView = z
  .object({
    items: z.array(planAdminView),
    beamlines: z.array(z.object({ id: z.string(), name: z.string() })),
    techniques: z.array(z.object({ id: z.string(), name: z.string() })),
  })
  .meta({ id: 'PlansAdmin' });
export type PlansView = z.infer<typeof plansView>;
