import { AmountName } from './amounts';

const NOUNS: Record<AmountName, [one: string, several: string]> = {
  machines: ['desktop', 'desktops'],
  vcpus: ['vCPU', 'vCPUs'],
  memoryMib: ['memory', 'memory'],
  storageMib: ['storage', 'storage'],
  gpus: ['GPU', 'GPUs'],
  vcpuMinutes: ['vCPU-hour', 'vCPU-hours'],
  gpuMinutes: ['GPU-hour', 'GPU-hours'],
};

const rounded = (value: number) => String(Math.round(value * 10) / 10);

/** Without the noun: "4", "1.5 GiB", hours of minutes "2.5". */
export function amountWords(name: AmountName, value: number): string {
  if (name === 'vcpuMinutes' || name === 'gpuMinutes') return rounded(value / 60);
  if (name !== 'memoryMib' && name !== 'storageMib') return String(value);
  if (value < 1024) return `${value} MiB`;
  return value < 1024 * 1024 ? `${rounded(value / 1024)} GiB` : `${rounded(value / 1024 / 1024)} TiB`;
}

/** Who or what holds a part, e.g. "here", "in proposal 20260301", "by other people". */
export interface Holding {
  where: string;
  amount: number;
}

/**
 * What is held of a limit and where: "4 of 10 vCPUs: 2 here, 2 in proposal 20260301". Holdings of the same place are summed;
 * those of nothing are left out.
 * @param limit null: none, so only what is held is told
 */
export function usageWords(
  name: AmountName,
  { used, limit }: { used: number; limit: number | null },
  holdings: readonly Holding[],
): string {
  const places = new Map<string, number>();
  for (const { where, amount } of holdings) places.set(where, (places.get(where) ?? 0) + amount);
  const parts = [...places]
    .filter(([, amount]) => amount > 0)
    .map(([where, amount]) => `${amountWords(name, amount)} ${where}`);
  const [one, several] = NOUNS[name];
  const counted = limit ?? used;
  const noun = amountWords(name, counted) === '1' ? one : several;
  const figure = limit === null ? amountWords(name, used) : `${amountWords(name, used)} of ${amountWords(name, limit)}`;
  return `${figure} ${noun}${parts.length > 0 ? `: ${parts.join(', ')}` : ''}`;
}
