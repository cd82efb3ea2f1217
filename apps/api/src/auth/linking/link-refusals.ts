import { ApiError, notFound } from '../../http/api-error';
import type { Linked, Removed } from './identity-links';

const LINKS: Record<Exclude<Linked, 'LINKED'>, string> = {
  LINK_ALREADY_YOURS: 'You sign in this way already.',
  LINK_OF_ANOTHER_PERSON:
    'That login is another account of the portal, with things of its own. Nothing was changed. If both are yours, ask the staff.',
  LINK_TOO_MANY: 'You have as many ways to sign in as one account may have. Remove one first.',
};

/** Why a login did not become one more way in. */
export function refusedLink(outcome: Exclude<Linked, 'LINKED'>): ApiError {
  return new ApiError(409, outcome, LINKS[outcome]);
}

/** Why a way to sign in stays. */
export function refusedRemoval(why: Exclude<Removed, 'REMOVED'> | 'WAY_IN_USE'): ApiError {
  switch (why) {
    case 'NOT_FOUND':
      return notFound('This is no way to sign in of yours, or not any longer.');
    case 'LAST_WAY':
      return new ApiError(409, why, 'This is the only way you sign in. Add another one first.');
    case 'WAY_KEPT':
      return new ApiError(409, why, 'The staff decided about your account, so its ways to sign in stay. Ask the staff.');
    case 'WAY_IN_USE':
      return new ApiError(409, why, 'You are signed in this way now. Sign in another way to remove it.');
  }
}
