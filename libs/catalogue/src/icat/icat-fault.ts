import { z } from 'zod';
import { CatalogueErrorReason, CatalogueUnavailable } from '../errors';
import { HttpAnswer } from '../http/catalogue-http';
import { logText, MESSAGES } from '../http/unavailable';

/** By the `code` of ICAT's errors: 403 is both "sign in again" and "forbidden", 412 both a clash and too many. */
const REASONS = new Map<string, CatalogueErrorReason>([
  ['SESSION', 'credentials'],
  ['INSUFFICIENT_PRIVILEGES', 'refused'],
  ['BAD_PARAMETER', 'refused'],
  ['NO_SUCH_OBJECT_FOUND', 'refused'],
  ['OBJECT_ALREADY_EXISTS', 'refused'],
  ['VALIDATION', 'refused'],
  ['NOT_IMPLEMENTED', 'refused'],
  ['INTERNAL', 'failed'],
]);

const errorBody = z.object({ code: z.string().max(100), message: z.string().catch('') });

/** ICAT or its data server answered with an error. */
export class IcatFault extends CatalogueUnavailable {
  constructor(
    reason: CatalogueErrorReason,
    detail: string,
    readonly status: number,
    /** E.g. SESSION; '' where the answer was not one of ICAT's. */
    readonly code: string,
  ) {
    super(MESSAGES[reason], reason, detail);
    this.name = 'IcatFault';
  }
}

/** @param secrets taken out of what the server says: it repeats the session's id */
export function faultOf(answer: HttpAnswer, what: string, secrets: readonly string[]): IcatFault {
  const body = errorBody.safeParse(looseJson(answer.text));
  const code = body.success ? body.data.code : '';
  const reason = REASONS.get(code) ?? (answer.status >= 500 ? 'failed' : 'refused');
  const said = body.success ? `${code}: ${body.data.message}` : 'no error of ICAT';
  return new IcatFault(reason, `${what}: ${answer.status} ${logText(said, secrets)}`, answer.status, code);
}

export function isFault(error: unknown, code: string): error is IcatFault {
  return error instanceof IcatFault && error.code === code;
}

/** Error bodies come under any content type. */
function looseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
