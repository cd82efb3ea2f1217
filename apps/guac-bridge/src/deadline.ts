import { Ending } from './guacd/guacamole-status';

/** Until when the step under way has to be done, and how the session ends if it is not. */
export interface Deadline {
  /** ms since the epoch. */
  readonly at: number;
  readonly ending: Ending;
}

/** A deadline in so many milliseconds from now. */
export function due(inMs: number, status: number, reason: string): Deadline {
  return { at: Date.now() + inMs, ending: { status, reason } };
}
