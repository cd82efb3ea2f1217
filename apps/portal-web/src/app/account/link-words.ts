import { signInError } from '../auth/sign-in-errors';

/** What came of adding a way to sign in. */
export interface LinkNews {
  readonly good: boolean;
  readonly text: string;
}

const NEWS: Readonly<Record<string, LinkNews>> = {
  LINKED: {
    good: true,
    text: 'Added. You may sign in this way from now on, and find the same proposals and desktops.',
  },
  LINK_ALREADY_YOURS: { good: true, text: 'You sign in this way already; nothing had to be changed.' },
  LINK_OF_ANOTHER_PERSON: {
    good: false,
    text: 'That login is another account of the portal, with things of its own. Nothing was changed. If both are yours, ask the staff.',
  },
  LINK_OTHER_SESSION: {
    good: false,
    text: 'Adding a login was begun by somebody else, or before you last signed in. Nothing was changed. Please begin again.',
  },
  LINK_TOO_MANY: { good: false, text: 'You have as many ways to sign in as one account may have. Remove one first.' },
  SIGN_IN_NOT_RECENT: {
    good: false,
    text: 'The other service did not ask who you are, so nothing was added. Sign out there and begin again.',
  },
  SIGN_IN_CANCELLED: { good: false, text: 'It was cancelled, or the other service refused it. Nothing was changed.' },
  SIGN_IN_EXPIRED: {
    good: false,
    text: 'It took too long or was opened twice. Nothing was changed; please begin again.',
  },
};

/** For the `link` of the address; undefined: there is no news. */
export function linkNews(code: string | undefined): LinkNews | undefined {
  if (!code) return undefined;
  return NEWS[code] ?? { good: false, text: signInError(code) ?? '' };
}
