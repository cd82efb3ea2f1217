import { z } from 'zod';
import { CatalogueUnavailable } from '../errors';
import { HttpAnswer } from '../http/catalogue-http';
import { logText, MESSAGES } from '../http/unavailable';

/** `{ message: string | string[] }` of Nest, `{ status, message }` of jobs, or a bare string. */
const errorBody = z.union([
  z.string(),
  z
    .object({ message: z.union([z.string(), z.array(z.string()).transform((all) => all.join('; '))]) })
    .transform((e) => e.message),
]);

/** SciCat answered with an error. */
export class ScicatFault extends CatalogueUnavailable {
  constructor(
    detail: string,
    readonly status: number,
    /** What it said, fit for a log. */
    readonly said: string,
  ) {
    const reason = status === 401 ? 'credentials' : status >= 500 ? 'failed' : 'refused';
    super(MESSAGES[reason], reason, detail);
    this.name = 'ScicatFault';
  }
}

export function faultOf(answer: HttpAnswer, what: string, secrets: readonly string[]): ScicatFault {
  const body = errorBody.safeParse(looseJson(answer.text));
  const said = logText(body.success ? body.data : 'no error of SciCat', secrets);
  return new ScicatFault(`${what}: ${answer.status} ${said}`, answer.status, said);
}

function looseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
