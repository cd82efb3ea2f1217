const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** When copies are made anew; milliseconds throughout. One object, so that tests turn hours into moments. */
export abstract class CopySettings {
  /** A list is served from a copy of this age without asking the catalogue. */
  abstract readonly freshMs: number;
  /** How long a list waits for the catalogue before it shows the older copy there is. */
  abstract readonly waitMs: number;
  /** A catalogue that did not answer is not asked again for the same account, unless there is nothing else to show. */
  abstract readonly pauseMs: number;
  /** Copies of people who are signed in are made anew at this age even when they list nothing. */
  abstract readonly keptMs: number;
  /** How often it is looked for such copies. */
  abstract readonly sweepMs: number;
  /** A copy that nobody wanted for so long goes. */
  abstract readonly unwantedMs: number;
}

export const DEFAULT_COPY_SETTINGS: CopySettings = {
  freshMs: 30 * SECOND,
  waitMs: 1500,
  pauseMs: 3 * SECOND,
  keptMs: 15 * MINUTE,
  sweepMs: MINUTE,
  unwantedMs: 30 * 24 * 60 * MINUTE,
};
