import { DesktopEvent, DesktopStatus, next } from './desktop-status';
import { Verdict } from './ending';

const LOST: Verdict = { retry: true, reason: 'network' };
const STOPPED: Verdict = { retry: false, reason: 'stopped' };

function after(...events: DesktopEvent[]): DesktopStatus {
  return events.reduce<DesktopStatus>(next, { kind: 'idle' });
}
const failed = (verdict: Verdict, failures = 1): DesktopEvent => ({ type: 'failed', verdict, failures, retryAt: 5000 });
const LIVE: DesktopEvent[] = [{ type: 'ready' }, { type: 'ticket' }, { type: 'picture' }];

describe('next', () => {
  it('goes from a ticket over a connection to a picture', () => {
    expect(after({ type: 'ready' })).toEqual({ kind: 'asking', attempt: 1, reason: null });
    expect(after({ type: 'ready' }, { type: 'ticket' })).toEqual({ kind: 'connecting', attempt: 1, reason: null });
    expect(after(...LIVE)).toEqual({ kind: 'live', stable: true });
  });

  it('waits after a drop, with the reason and the number of the attempt, then asks for a fresh ticket', () => {
    const waiting = { kind: 'reconnecting', reason: 'network', attempt: 3, retryAt: 5000 };
    expect(after(...LIVE, failed(LOST, 2))).toEqual(waiting);
    expect(after({ type: 'ready' }, failed(LOST, 2))).toEqual(waiting);
    expect(after({ type: 'ready' }, { type: 'ticket' }, failed(LOST, 2))).toEqual(waiting);
    expect(after(...LIVE, failed(LOST, 2), { type: 'retry' })).toEqual({
      kind: 'asking',
      attempt: 3,
      reason: 'network',
    });
  });

  it('gives up an attempt that hangs and asks anew, still the same attempt for who reads along', () => {
    const again = { kind: 'asking', attempt: 3, reason: 'network' };
    const waited: DesktopEvent[] = [...LIVE, failed(LOST, 2), { type: 'retry' }];
    expect(after(...waited, { type: 'retry' })).toEqual(again);
    expect(after(...waited, { type: 'ticket' }, { type: 'retry' })).toEqual(again);
  });

  it('ends for good on a final verdict, and only the person starts again', () => {
    const ended = after(...LIVE, failed(STOPPED));
    expect(ended).toMatchObject({ kind: 'ended', reason: 'stopped' });
    expect(next(ended, { type: 'ready' })).toBe(ended);
    expect(next(ended, failed(LOST))).toBe(ended);
    expect(next(ended, { type: 'picture' })).toBe(ended);
    expect(next(ended, { type: 'retry' })).toEqual({ kind: 'asking', attempt: 1, reason: null });
  });

  it('tells a shaky connection apart, and only while live', () => {
    expect(after(...LIVE, { type: 'stable', stable: false })).toEqual({ kind: 'live', stable: false });
    expect(after({ type: 'ready' }, { type: 'stable', stable: false })).toMatchObject({ kind: 'asking' });
  });

  it('is idle whenever the machine is not ready', () => {
    expect(after(...LIVE, { type: 'not-ready' })).toEqual({ kind: 'idle' });
    expect(after({ type: 'ready' }, failed(STOPPED), { type: 'not-ready' })).toEqual({ kind: 'idle' });
  });

  it('ignores what comes too late', () => {
    expect(after({ type: 'picture' }, { type: 'ticket' }, { type: 'retry' }, failed(LOST))).toEqual({ kind: 'idle' });
    expect(after(...LIVE, { type: 'ready' }, { type: 'retry' })).toEqual({ kind: 'live', stable: true });
  });
});
