import { DropReason, EndReason, Verdict } from './ending';

/** Where the connection of this page to its desktop stands. */
export type DesktopStatus =
  /** Nothing to connect to: the machine is not ready. */
  | { readonly kind: 'idle' }
  /** On the way to a ticket. `reason`: why the connection before this one ended; null for a first one. */
  | { readonly kind: 'asking'; readonly attempt: number; readonly reason: DropReason | null }
  /** The ticket is there; no picture yet. */
  | { readonly kind: 'connecting'; readonly attempt: number; readonly reason: DropReason | null }
  | { readonly kind: 'live'; readonly stable: boolean }
  /** Waiting until `retryAt` (ms, this browser's clock) for attempt number `attempt`. */
  | { readonly kind: 'reconnecting'; readonly reason: DropReason; readonly attempt: number; readonly retryAt: number }
  | { readonly kind: 'ended'; readonly reason: EndReason; readonly message?: string };

/** What happens to a connection. */
export type DesktopEvent =
  | { readonly type: 'ready' }
  | { readonly type: 'not-ready' }
  /** The wait is over, the person pressed "Reconnect now", the computer woke up, or the line is back. */
  | { readonly type: 'retry' }
  | { readonly type: 'ticket' }
  | { readonly type: 'picture' }
  | { readonly type: 'stable'; readonly stable: boolean }
  /** `failures` in a row so far, with this one; 0 after a connection that lasted. */
  | { readonly type: 'failed'; readonly verdict: Verdict; readonly failures: number; readonly retryAt: number };

const FIRST: DesktopStatus = { kind: 'asking', attempt: 1, reason: null };

/** The one place where the status moves. An event that does not fit the status changes nothing. */
export function next(status: DesktopStatus, event: DesktopEvent): DesktopStatus {
  switch (event.type) {
    case 'ready':
      return status.kind === 'idle' ? FIRST : status;
    case 'not-ready':
      return { kind: 'idle' };
    case 'retry':
      return retry(status);
    case 'ticket':
      return status.kind === 'asking' ? { ...status, kind: 'connecting' } : status;
    case 'picture':
      return status.kind === 'connecting' ? { kind: 'live', stable: true } : status;
    case 'stable':
      return status.kind === 'live' ? { kind: 'live', stable: event.stable } : status;
    case 'failed':
      return failed(status, event);
  }
}

function retry(status: DesktopStatus): DesktopStatus {
  switch (status.kind) {
    case 'reconnecting':
    case 'asking':
    case 'connecting':
      return { kind: 'asking', attempt: status.attempt, reason: status.reason };
    case 'ended':
      return FIRST;
    default:
      return status;
  }
}

function failed(status: DesktopStatus, event: DesktopEvent & { type: 'failed' }): DesktopStatus {
  if (status.kind === 'idle' || status.kind === 'ended' || status.kind === 'reconnecting') {
    return status;
  }
  const { verdict, failures, retryAt } = event;
  return verdict.retry
    ? { kind: 'reconnecting', reason: verdict.reason, attempt: failures + 1, retryAt }
    : { kind: 'ended', reason: verdict.reason, message: verdict.message };
}
