import { ApiError } from '../../http/api-error';

/** What the site file says is changed there alone. */
export function fromSiteFile(what: 'image' | 'flavour' | 'plan', id: string): ApiError {
  const message = `The ${what} "${id}" comes from the site file. Change it there, or make one of your own.`;
  return new ApiError(409, 'FROM_SITE_FILE', message);
}

export function idTaken(what: 'image' | 'flavour' | 'plan', id: string): ApiError {
  return new ApiError(409, 'ID_TAKEN', `There is, or was, another ${what} with the id "${id}". Choose another id.`);
}

/** An id that names nothing the site has; 400 as other faults of a request. */
export function unknownIds(kind: string, ids: readonly string[]): ApiError {
  const message = `Not known here: ${kind} ${ids.join(', ')}.`;
  return new ApiError(400, 'UNKNOWN_REFERENCE', message, { kind, ids });
}
