import { createHash } from 'node:crypto';
import { z } from 'zod';
import { templateId, templateKey, templateOrder } from '../machine-order';

/** A file of a template as it was left: the stamp tells cheaply that nobody touched it, the sum tells it for certain. */
const file = z.object({ stamp: z.string(), sum: z.string(), allocatedMib: z.int() });

/** `template.json` in a template's folder. */
export const templateRecord = z.object({
  version: z.literal(1),
  /** Name of its folder, and what machines call it by; another one at every build. */
  id: templateId,
  /** All that must be equal; the same at every build for the same machines. */
  key: templateKey,
  /** Rises with every build for the same key. */
  edition: z.int().min(1),
  order: templateOrder,
  /** building: somebody was at it. ready: copies can be made. failed: the last build, or copies of it, failed. */
  phase: z.enum(['building', 'ready', 'failed']),
  since: z.iso.datetime(),
  /** Builds, or copies in a row, that failed. */
  failures: z.int().min(0),
  failure: z.string().nullable(),
  buildSeconds: z.number().nullable(),
  files: z.object({ memory: file, state: file, disk: file }).nullable(),
});
export type TemplateRecord = z.infer<typeof templateRecord>;
export type TemplateFile = keyof NonNullable<TemplateRecord['files']>;
export const TEMPLATE_FILES: readonly TemplateFile[] = ['disk', 'state', 'memory'];

/** Null when it is no record of this version, e.g. cut short. */
export function parseTemplateRecord(text: string): TemplateRecord | null {
  try {
    return templateRecord.parse(JSON.parse(text));
  } catch {
    return null;
  }
}

/** A template's id; no two builds share one, so that a disk kept on an old edition never meets a newer one. */
export const templateIdOf = (key: string, edition: number) =>
  createHash('sha256').update(`${key} ${edition}`).digest('hex');

