import { NOTHING, RESOURCE_NAMES, Resources } from './resources';

/** What is held at once, and what was used in a period: minutes of processors and of GPUs. Integers. */
export interface Amounts extends Resources {
  /** vCPUs × minutes. */
  vcpuMinutes: number;
  /** GPUs × minutes. */
  gpuMinutes: number;
}

export type AmountName = keyof Amounts;

/** What a subject may hold or use; null: no limit. */
export type Limits = Record<AmountName, number | null>;

export const AMOUNT_NAMES: readonly AmountName[] = [...RESOURCE_NAMES, 'vcpuMinutes', 'gpuMinutes'];

export const NO_AMOUNTS: Readonly<Amounts> = Object.freeze({ ...NOTHING, vcpuMinutes: 0, gpuMinutes: 0 });

export const NO_LIMITS: Readonly<Limits> = Object.freeze(mapAmounts(() => null));

/** New record with `f` applied to every amount. */
export function mapAmounts<T>(f: (name: AmountName) => T): Record<AmountName, T> {
  return Object.fromEntries(AMOUNT_NAMES.map((name) => [name, f(name)])) as Record<AmountName, T>;
}

/**
 * What a desktop that runs for so long takes: all of it at once, and the minutes up to its end.
 * @param minutes of its lifetime; a part of one counts as a whole
 */
export function amountsFor(needs: Resources, minutes: number): Amounts {
  const whole = Math.ceil(Math.max(0, minutes));
  return { ...needs, vcpuMinutes: needs.vcpus * whole, gpuMinutes: needs.gpus * whole };
}
