import { ApiError } from '../http/api-error';
import { Refusal } from './policy';

/** The answer to a refused request. `conditionsVersion` is what would have to be accepted. */
export function refusalError(refusal: Refusal, conditionsVersion: string): ApiError {
  switch (refusal) {
    case 'NOT_SIGNED_IN':
      return new ApiError(401, refusal, 'You are not signed in, or your sign-in has ended. Sign in again.');
    case 'NOT_AUTHORISED':
      return new ApiError(403, refusal, 'Your login is known, but it has not been authorised for this portal. Ask the user office.');
    case 'CONDITIONS_NOT_ACCEPTED':
      return new ApiError(403, refusal, 'Please read and accept the Conditions of Usage first.', { version: conditionsVersion });
  }
}
