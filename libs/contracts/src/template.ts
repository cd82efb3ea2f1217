import { z } from 'zod';

export const templateState = z
  .enum(['waiting', 'building', 'ready', 'set-aside', 'impossible'])
  .meta({ id: 'TemplateState' });
export type TemplateState = z.infer<typeof templateState>;

/** A desktop saved at its session, from which launches are copied; one per image, flavour and host. For staff. */
export const templateView = z
  .object({
    hostId: z.string(),
    key: z.string(),
    imageId: z.string(),
    imageName: z.string(),
    /** Names of the plans whose launches use it. */
    plans: z.array(z.string()),
    flavour: z.object({ vcpus: z.int().positive(), memoryMib: z.int().positive(), diskMib: z.int().positive() }),
    protocol: z.enum(['vnc', 'rdp']),
    state: templateState,
    stateSince: z.iso.datetime(),
    wanted: z.boolean(),
    /** While building: in words, and 0 to 1. */
    step: z.string().nullable(),
    progress: z.number().min(0).max(1).nullable(),
    failures: z.int().nonnegative(),
    failure: z.string().nullable(),
    buildSeconds: z.number().nonnegative().nullable(),
    sizeMib: z.int().nonnegative().nullable(),
    /** Running copies, and disks kept on it. */
    machines: z.int().nonnegative(),
    /** When the host last spoke of it. */
    observedAt: z.iso.datetime(),
  })
  .meta({ id: 'Template' });
export type TemplateView = z.infer<typeof templateView>;

/** `GET /api/templates`: every host's, in the order they are built. */
export const templatesView = z.object({ items: z.array(templateView) }).meta({ id: 'Templates' });
export type TemplatesView = z.infer<typeof templatesView>;
