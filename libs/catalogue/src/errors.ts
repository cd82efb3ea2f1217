/** Why the catalogue could not be asked; a closed set, for metrics. */
export type CatalogueErrorReason = 'unreachable' | 'timeout' | 'credentials' | 'malformed' | 'refused';

/** The catalogue could not be asked. Never means that somebody lost a membership. */
export class CatalogueUnavailable extends Error {
  constructor(
    /** For the user. */
    message: string,
    readonly reason: CatalogueErrorReason,
    /** For the log; never shown. */
    readonly detail: string,
  ) {
    super(message);
    this.name = 'CatalogueUnavailable';
  }
}
