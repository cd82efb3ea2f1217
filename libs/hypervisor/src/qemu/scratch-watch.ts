/** Where one writable share stands. */
export interface ScratchState {
  level: 'free' | 'full';
  /** When it was last made read-only in the guest; null = it is writable. */
  lockedAt: number | null;
  /** Bytes at the last look; null = not looked at yet. */
  usedBytes: number | null;
}

export interface ScratchLook {
  usedBytes: number;
  freeBytes: number;
  limitBytes: number;
  /** What must stay free on the file system for all others. */
  floorBytes: number;
  now: number;
}

export type ScratchAction = 'none' | 'lock' | 'unlock' | 'end';

/** Over this share of its limit a machine is ended that lets it grow on: it did not stop when told. */
export const HARD_LIMIT = 1.1;
/** Under this share, a folder counts as usable again. */
const FREE_AGAIN = 0.95;
/** How long it stays read-only before deleting is possible again. */
export const LOCK_MS = 30_000;

export const freshScratch: ScratchState = { level: 'free', lockedAt: null, usedBytes: null };

/**
 * The one decision about a writable share that is measured every few seconds: over its limit it turns read-only for a while, then writable
 * again so that its user can delete; read-only again when it grew meanwhile; growing far over, or with the host's disk nearly full, the machine
 * ends. What it held when the machine came is nobody's fault: a desktop must be able to open on a full folder, or nobody could ever empty it.
 */
export function decideScratch(state: ScratchState, look: ScratchLook): { state: ScratchState; action: ScratchAction } {
  const { usedBytes, limitBytes, now } = look;
  const grew = state.usedBytes !== null && usedBytes > state.usedBytes;
  const next = { ...state, usedBytes };
  if (grew && (usedBytes > limitBytes * HARD_LIMIT || look.freeBytes < look.floorBytes)) return { state: next, action: 'end' };
  if (usedBytes <= limitBytes && state.level === 'free') return { state: next, action: 'none' };
  if (usedBytes < limitBytes * FREE_AGAIN) {
    const unlock = state.lockedAt !== null;
    return { state: { level: 'free', lockedAt: null, usedBytes }, action: unlock ? 'unlock' : 'none' };
  }
  if (state.level === 'free') return { state: { level: 'full', lockedAt: now, usedBytes }, action: 'lock' };
  if (state.lockedAt !== null && now - state.lockedAt >= LOCK_MS) {
    return { state: { level: 'full', lockedAt: null, usedBytes }, action: 'unlock' };
  }
  if (state.lockedAt === null && grew && usedBytes > limitBytes) {
    return { state: { level: 'full', lockedAt: now, usedBytes }, action: 'lock' };
  }
  return { state: next, action: 'none' };
}
