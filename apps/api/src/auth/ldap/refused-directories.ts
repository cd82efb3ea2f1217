import { ApiError } from '../../http/api-error';

/**
 * Why a sign-in with a directory does not come to an end; what is wrong with the directory is told to the log alone.
 */
export const directoryUnavailable = (label: string) =>
  new ApiError(
    503,
    'DIRECTORY_UNAVAILABLE',
    `Signing in with ${label} does not work at this moment: its directory cannot be asked. ` +
      'Try again in a few minutes, or sign in another way.',
  );

export const incomplete = (log: string) =>
  new ApiError(
    403,
    'SIGN_IN_INCOMPLETE',
    'The directory did not say who you are in a way that could be recognised next time. Please tell the facility.',
    undefined,
    log,
  );
