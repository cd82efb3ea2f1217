import type { TestBrowser } from '../app/browser';
import { type Caller, expectedAnswer, type PerCaller, perCaller } from './callers';
import type { AccessHouse } from './house';

/** What is sent. */
export interface RouteRequest {
  /** Path parameters by name. */
  params?: Record<string, string>;
  /** With its question mark. */
  query?: string;
  body?: object | string;
  headers?: Record<string, string>;
}

/** What a request is made of. */
export interface RowContext {
  house: AccessHouse;
  caller: Caller;
  browser: TestBrowser;
}

/**
 * One route of `/api/openapi.json`: who gets which answer to a request that is right in every other way. A line has one
 * word for each caller, in the order of `CALLERS`.
 */
export interface RowSource {
  /** As in openapi.json. */
  route: `${'GET' | 'POST' | 'PUT' | 'DELETE' | 'PATCH'} /api/${string}`;
  request?: (context: RowContext) => RouteRequest | Promise<RouteRequest>;
  /**
   * Statuses, with `:CODE` where it is a refusal; `out` NOT_SIGNED_IN, `unk` NOT_AUTHORISED, `con`
   * CONDITIONS_NOT_ACCEPTED, `no` NOT_ALLOWED, `404` NOT_FOUND.
   */
  answers: string;
  /** Whether success changes anything at all; `y` and `n` for each caller where they differ. A refusal never does. */
  changes: boolean | string;
  /** Words that a success shows (`y`) or must not show (`n`) to each caller; `-` where it is none. */
  shows?: { what: (house: AccessHouse) => string; to: string }[];
}

export interface Row extends Omit<RowSource, 'answers' | 'changes' | 'shows'> {
  answers: PerCaller<string>;
  changes: PerCaller<boolean>;
  shows: { what: (house: AccessHouse) => string; to: PerCaller<string> }[];
}

export function readRow(source: RowSource): Row {
  const words = perCaller(source.answers);
  const each = <T>(of: (caller: Caller) => T) =>
    Object.fromEntries((Object.keys(words) as Caller[]).map((caller) => [caller, of(caller)])) as PerCaller<T>;
  const changed =
    typeof source.changes === 'string' ? perCaller(source.changes) : each(() => (source.changes ? 'y' : 'n'));
  return {
    ...source,
    answers: each((caller) => expectedAnswer(words[caller])),
    changes: each((caller) => changed[caller] === 'y' && !isRefusal(expectedAnswer(words[caller]))),
    shows: (source.shows ?? []).map(({ what, to }) => ({ what, to: perCaller(to) })),
  };
}

/** Of an answer as the table has it. */
export const isRefusal = (answer: string): boolean => Number(answer.slice(0, 3)) >= 400;
