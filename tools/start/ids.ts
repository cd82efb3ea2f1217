/** Offsets from the base number of the ids that services run as when Beamdesk is started as root. */
const OFFSETS = {
  front: 0,
  identities: 1,
  bridge: 2,
  guacd: 3,
  postgres: 4,
  api: 5,
  machines: 6,
  helpers: 7,
  outbound: 8,
} as const;

export type Principal = keyof typeof OFFSETS;

/** True where ids can be dropped; otherwise everything runs as the person who started it. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** First of the numeric ids (setting `BEAMDESK_UID_BASE`, default 64100). No account of these numbers need exist. */
export function uidBase(env: NodeJS.ProcessEnv = process.env): number {
  const base = Number(env['BEAMDESK_UID_BASE'] || 64100);
  if (!Number.isInteger(base) || base < 1000 || base > 4_000_000_000) {
    throw new RangeError('BEAMDESK_UID_BASE must be a whole number from 1000 to 4000000000');
  }
  return base;
}

/** Numeric uid (and gid) of a service, or null when we are not root and cannot change ids. */
export function uidOf(principal: Principal): number | null {
  return isRoot() ? uidBase() + OFFSETS[principal] : null;
}
