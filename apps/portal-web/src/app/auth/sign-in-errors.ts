/** What went wrong before the sign-in page, by the `error` of its address; the text says why and what to do. */
const ERRORS: Readonly<Record<string, string>> = {
  SESSION_ENDED: 'Your login session has ended. Sign in again to go on where you were; running desktops go on.',
  SIGN_IN_CANCELLED: 'The sign-in was cancelled, or the provider refused it. You can try again.',
  SIGN_IN_UNAVAILABLE: 'The sign-in service does not answer. It may be restarting: try again in a minute, or sign in another way.',
  SIGN_IN_EXPIRED: 'The sign-in took too long or was opened twice. Please start it again here.',
  SIGN_IN_FAILED: 'The answer of the sign-in service could not be trusted, so nobody was let in. Please try again.',
  SIGN_IN_INCOMPLETE:
    'The sign-in service did not say who you are in a way that could be recognised next time. Please tell the facility.',
  NOT_SIGNED_IN: 'Please sign in first.',
};

/** The sentence for a code of the address; an unknown one is named, so that it can be told to the support. */
export function signInError(code: string | undefined): string | undefined {
  if (!code) return undefined;
  if (ERRORS[code]) return ERRORS[code];
  const word = /^[A-Z_]{1,40}$/.test(code) ? ` (${code})` : '';
  return `The sign-in did not work${word}. Please try again; if it stays, ask the facility.`;
}
