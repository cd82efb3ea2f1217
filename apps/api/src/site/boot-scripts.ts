import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ReportFault } from '@beamdesk/catalogue';
import type { BootScript } from '@beamdesk/hypervisor';
import { z } from 'zod';

/** The hypervisor takes no more; bytes. */
export const SCRIPT_MAX = 64 * 1024;

/** A plan's boot script as the site file says it: its text, or a file beside the site file. */
export interface ScriptSource {
  text?: string | undefined;
  file?: string | undefined;
  values: Record<string, string>;
}

export const scriptFile = z
  .string()
  .max(1024)
  .regex(/^[^/\0]/, 'must be relative to the folder of this file')
  .refine((path) => !path.split('/').includes('..'), 'must not hold ..');

/** Files worth a look; every other fault is the schema's to say. */
const sources = z.object({
  plans: z.array(
    z
      .object({ bootScript: z.object({ file: scriptFile, text: z.undefined().optional() }) })
      .nullable()
      .catch(null),
  ),
});

/**
 * Reports every file that is named and can't be a script.
 * @param siteFile the file that names them; they lie beside it
 * @param may which of them may be looked at
 */
export function checkScriptFiles(
  siteFile: string,
  raw: unknown,
  report: ReportFault,
  may: (name: string) => boolean = () => true,
): void {
  sources.safeParse(raw).data?.plans.forEach((plan, i) => {
    const fault = plan && may(plan.bootScript.file) && fileFault(pathOf(siteFile, plan.bootScript.file));
    if (fault) report(['plans', i, 'bootScript', 'file'], fault);
  });
}

export function readScript(siteFile: string, { text, file, values }: ScriptSource): BootScript {
  return { text: text ?? readFileSync(pathOf(siteFile, file ?? ''), 'utf8'), values: { ...values } };
}

function pathOf(siteFile: string, file: string): string {
  return join(dirname(siteFile), file);
}

function fileFault(path: string): string | null {
  try {
    const found = statSync(path);
    if (!found.isFile()) return `${path} is not a file`;
    if (found.size > SCRIPT_MAX) return `${path} is larger than ${SCRIPT_MAX} bytes`;
    const text = readFileSync(path);
    if (text.toString('utf8').trim() === '') return `${path} is empty`;
    return text.includes(0) ? `${path} holds a NUL: a script is text` : null;
  } catch (error) {
    return `${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`;
  }
}
