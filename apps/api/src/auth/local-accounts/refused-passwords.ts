import { ApiError } from '../../http/api-error';

/** Why a sign-in by password is refused. None of them says whether there is such an account unless the password was right. */
export const wrongPassword = () => new ApiError(401, 'WRONG_PASSWORD', 'The name or the password is not right.');

export function locked(retryAfterSeconds: number): ApiError {
  const minutes = Math.ceil(retryAfterSeconds / 60);
  const wait = retryAfterSeconds < 90 ? `${retryAfterSeconds} seconds` : `${minutes} minutes`;
  const message = `There were too many failed tries for this name. Wait ${wait} and try again.`;
  return new ApiError(429, 'SIGN_IN_LOCKED', message, { retryAfterSeconds });
}

export const tooBusy = () =>
  new ApiError(503, 'SIGN_IN_BUSY', 'Too many people sign in at this moment. Try again in a few seconds.');

export const accountDisabled = (name: string) =>
  new ApiError(
    403,
    'ACCOUNT_DISABLED',
    'This account has been disabled. Ask an administrator of the portal.',
    undefined,
    name,
  );

export const oneTimeEnded = (name: string) =>
  new ApiError(
    403,
    'ONE_TIME_PASSWORD_ENDED',
    'The one-time password has not been used in time. Ask an administrator of the portal for another.',
    undefined,
    name,
  );

export const changeNeeded = () =>
  new ApiError(409, 'PASSWORD_CHANGE_NEEDED', 'This password was given for one use. Choose one of your own.');

export const weakPassword = (fault: string) => new ApiError(400, 'WEAK_PASSWORD', fault);
