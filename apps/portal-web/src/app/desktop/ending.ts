import { ApiError } from '../api/api-error';

/** Why the connection to a desktop dropped although it may come back by itself. */
export type DropReason = 'network' | 'display' | 'portal' | 'not-ready' | 'silent';

/** Why the page does not come back by itself. */
export type EndReason = 'closed' | 'stopped' | 'forbidden' | 'signed-out' | 'gone' | 'refused';

/**
 * What follows from a failure: try again, or tell why not. `message` is the server's own sentence, where it sent one.
 */
export type Verdict =
  | { readonly retry: true; readonly reason: DropReason }
  | { readonly retry: false; readonly reason: EndReason; readonly message?: string };

const again = (reason: DropReason): Verdict => ({ retry: true, reason });
const final = (reason: EndReason): Verdict => ({ retry: false, reason });

/**
 * Guacamole statuses (decimal, as in the close reason of the websocket) that mean something of their own here. 519 is
 * also what a broken connection gives, 520 a bridge that stops or a guacd that died.
 */
const VERDICTS: ReadonlyMap<number, Verdict> = new Map([
  [0, final('closed')],
  [512, again('portal')],
  [513, again('portal')],
  [514, again('network')],
  [515, again('display')],
  [516, again('display')],
  [518, again('display')],
  [519, again('network')],
  [520, again('display')],
  [523, final('stopped')],
  [768, final('refused')],
  // A ticket that was spent or too old, or a login that ended: the next ticket, or the answer to asking for it, tells.
  [769, again('portal')],
  [771, final('forbidden')],
  [776, again('network')],
  [781, final('refused')],
  [783, final('refused')],
  [797, final('refused')],
]);

/** What follows from the status a connection ended with. A status nobody listed is worth another try. */
export function verdictOfStatus(status: number): Verdict {
  return VERDICTS.get(status) ?? again('display');
}

/**
 * What follows from a ticket that was refused, or from a chunk of the page that could not be loaded. Where no answer came
 * at all nobody knows whether the portal is alive: that is told as the network; an answer of its gateway's says more.
 */
export function verdictOfTicketError(error: unknown): Verdict {
  if (!(error instanceof ApiError) || error.status === 0) {
    return again('network');
  }
  const { status, code, user } = error;
  if (code === 'NOT_READY') {
    return again('not-ready');
  }
  if (status === 401 || code === 'NOT_SIGNED_IN') {
    return final('signed-out');
  }
  if (status === 403) {
    return { ...final('forbidden'), message: user.text } as Verdict;
  }
  if (status === 404) {
    return final('gone');
  }
  if (status === 429 || status >= 500) {
    return again('portal');
  }
  return { ...final('refused'), message: user.text } as Verdict;
}
