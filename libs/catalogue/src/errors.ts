/**
 * Why the catalogue could not be asked; a closed set, for metrics.
 * unreachable: no answer, or one that was cut off. timeout: none in time. credentials: our own account or session there is
 * not accepted. refused: it answered that it won't. failed: it answered that something broke. malformed: the answer can't be
 * read, or says what it must not. sign-in: this person is asked for their own sign-in there, and has none that is still good.
 */
export type CatalogueErrorReason =
  | 'unreachable'
  | 'timeout'
  | 'credentials'
  | 'malformed'
  | 'refused'
  | 'failed'
  | 'sign-in';

/** The catalogue could not be asked. Never means that somebody lost a membership. */
export class CatalogueUnavailable extends Error {
  constructor(
    /** For the user. */
    message: string,
    readonly reason: CatalogueErrorReason,
    /** For the log; never shown. Holds no secret. */
    readonly detail: string,
  ) {
    super(message);
    this.name = 'CatalogueUnavailable';
  }
}

/**
 * Why nothing was asked of the archive; a closed set.
 * not-found: the proposal or one of the datasets is unknown or not visible. not-archived: there is no copy to restore.
 * wrong-number: more than `RESTORE_MAX`, or none. unsupported: this catalogue has no archive. refused: the archive said no.
 */
export type RestoreRefusal = 'not-found' | 'not-archived' | 'wrong-number' | 'unsupported' | 'refused';

const REFUSALS: Record<RestoreRefusal, string> = {
  'not-found': 'One of these datasets is not part of this proposal.',
  'not-archived': 'One of these datasets has no copy in the archive.',
  'wrong-number': 'Choose at least one dataset, and at most a hundred at once.',
  unsupported: 'This catalogue has no archive to restore from.',
  refused: 'The archive refused the request. Ask the user office.',
};

/** A restore that will not happen; the catalogue itself is well. */
export class RestoreRefused extends Error {
  constructor(
    readonly reason: RestoreRefusal,
    /** For the log; never shown. */
    readonly detail: string,
  ) {
    super(REFUSALS[reason]);
    this.name = 'RestoreRefused';
  }
}
