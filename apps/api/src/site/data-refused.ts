export type DataRefusal =
  | 'DATA_NO_RULE'
  | 'DATA_NAME'
  | 'DATA_MISSING'
  | 'DATA_OUTSIDE'
  | 'DATA_NO_ACCOUNT'
  | 'SCRATCH_UNUSABLE'
  | 'HOME_UNUSABLE';

/** A launch can't be given its data. `message` is for the user, `code` is stable, `detail` is for the log. */
export class DataRefused extends Error {
  constructor(
    readonly code: DataRefusal,
    message: string,
    readonly detail: string,
  ) {
    super(message);
    this.name = 'DataRefused';
  }
}

export const ASK = 'Ask the user office.';
