import type { ErrorBody } from '@beamdesk/contracts';

/** An error as a page shows it: what happened, and what to do next where the server's sentence does not say it. */
export interface UserMessage {
  /** A few words for the heading. */
  readonly title: string;
  /** What happened and why, one or two sentences. */
  readonly text: string;
  /** Stable word, see the table of codes of the api; `OFFLINE` and `UNEXPECTED` are the portal's own. */
  readonly code: string;
  /** Depends on the code; empty where there is nothing. */
  readonly details: Readonly<Record<string, unknown>>;
  /** To find the request in the server's log. */
  readonly requestId?: string;
}

/** Headings by code; the sentence comes from the server, which knows more. */
const TITLES: Readonly<Record<string, string>> = {
  NOT_SIGNED_IN: 'Please sign in',
  NOT_AUTHORISED: 'Not authorised',
  CONDITIONS_NOT_ACCEPTED: 'Conditions of Usage',
  CSRF: 'Please try again',
  WRONG_ORIGIN: 'Refused',
  NOT_FOUND: 'Not found',
  QUOTA_EXCEEDED: 'Your quota is used up',
  OTHER_PLAN_RUNNING: 'Another desktop is running here',
  NOT_READY: 'Not ready yet',
  HOST_FULL: 'All places are taken',
  MAINTENANCE: 'Maintenance',
  BAD_REQUEST: 'Request refused',
  TOO_MANY_REQUESTS: 'Too many requests',
  CATALOGUE_SIGN_IN_NEEDED: 'Sign in to the catalogue first',
  CATALOGUE_LOGIN_REFUSED: 'Not let in',
  CATALOGUE_OTHER_ACCOUNT: 'Another account',
  CATALOGUE_ACCOUNT_TAKEN: 'Somebody else’s account',
  CATALOGUE_UNAVAILABLE: 'The catalogue does not answer',
  NOT_OFFERED: 'No desktop on offer here',
  PLAN_UNAVAILABLE: 'Not to be had now',
};

/** The portal did not answer at all (network cut, server restarting). */
export const OFFLINE: UserMessage = {
  title: 'The portal cannot be reached',
  text: 'Your connection may be down, or the portal is restarting. Running desktops are not touched by this.',
  code: 'OFFLINE',
  details: {},
};

/** What to show for an answer of the api. `status` 0 means that no answer came. Never shows raw bodies. */
export function toUserMessage(status: number, body: unknown): UserMessage {
  if (status === 0) return OFFLINE;
  if (isErrorBody(body)) {
    return {
      title: TITLES[body.code] ?? 'That did not work',
      text: body.message,
      code: body.code,
      details: body.details ?? {},
      requestId: body.requestId,
    };
  }
  if (status === 502 || status === 503 || status === 504) {
    return { ...OFFLINE, title: 'The portal is not answering', code: 'UNAVAILABLE' };
  }
  return {
    title: 'Something went wrong',
    text: `The portal answered in a way this page does not understand (status ${status}). Try again; if it stays, tell the facility.`,
    code: 'UNEXPECTED',
    details: {},
  };
}

function isErrorBody(body: unknown): body is ErrorBody {
  if (typeof body !== 'object' || body === null) return false;
  const { code, message } = body as Partial<Record<keyof ErrorBody, unknown>>;
  return typeof code === 'string' && typeof message === 'string';
}
