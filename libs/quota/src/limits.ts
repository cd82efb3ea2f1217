import { AMOUNT_NAMES, AmountName, Limits, mapAmounts } from './amounts';

/** Other limits than the default ones, for a time. */
export interface Override {
  /** Null: leaves the limit as it is. */
  amounts: Limits;
  madeAt: Date;
  startsAt: Date;
  /** Null: none of its own. */
  endsAt: Date | null;
  /** Null: nobody ended it by hand. */
  endedAt: Date | null;
}

/** From its start, and no longer at its end. */
export function isInForce({ startsAt, endsAt, endedAt }: Override, now: Date): boolean {
  return endedAt === null && startsAt <= now && (endsAt === null || endsAt > now);
}

/** Which override each amount's limit comes from: the newest in force that names it; null: the default. */
export function deciding<T extends Override>(overrides: readonly T[], now: Date): Record<AmountName, T | null> {
  const newestFirst = overrides
    .filter((one) => isInForce(one, now))
    .sort((a, b) => b.madeAt.getTime() - a.madeAt.getTime());
  return mapAmounts((name) => newestFirst.find(({ amounts }) => amounts[name] !== null) ?? null);
}

/** The limits that count now. */
export function limitsInForce(defaults: Limits, overrides: readonly Override[], now: Date): Limits {
  const by = deciding(overrides, now);
  return mapAmounts((name) => by[name]?.amounts[name] ?? defaults[name]);
}

/** What several roles allow together: of each amount the most; one that sets no limit sets none for all. No role: nothing. */
export function mostOf(limits: readonly Limits[]): Limits {
  return mapAmounts((name) =>
    limits.reduce<number | null>(
      (most, { [name]: one }) => (most === null || one === null ? null : Math.max(most, one)),
      0,
    ),
  );
}

/** Names of what an override sets. */
export function namedIn(amounts: Limits): AmountName[] {
  return AMOUNT_NAMES.filter((name) => amounts[name] !== null);
}
