import type { AmountName, RequestedAmounts } from '@beamdesk/contracts';

type Words = (amount: number) => string;

const counted = (one: string, many: string): Words => (amount) => `${amount} ${amount === 1 ? one : many}`;
const gib = (what: string): Words => (amount) => `${Math.round((amount / 1024) * 10) / 10} GiB ${what}`;
const hours = (one: string): Words => (amount) => `${Math.round((amount / 60) * 10) / 10} ${one}-hours`;

const WORDS: Record<AmountName, Words> = {
  machines: counted('machine', 'machines'),
  vcpus: counted('vCPU', 'vCPUs'),
  memoryMib: gib('memory'),
  storageMib: gib('storage'),
  gpus: counted('GPU', 'GPUs'),
  vcpuMinutes: hours('vCPU'),
  gpuMinutes: hours('GPU'),
};

/** "8 vCPUs, 16 GiB memory" */
export function amountsWords(amounts: RequestedAmounts): string {
  return (Object.keys(WORDS) as AmountName[])
    .flatMap((name) => (amounts[name] === undefined ? [] : [WORDS[name](amounts[name])]))
    .join(', ');
}

/** A moment for people whose clock is not known: "2026-11-21 23:00 UTC". */
export function momentWords(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
