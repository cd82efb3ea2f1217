import type { AmountName, RequestedAmounts } from '@beamdesk/contracts';

/** How an amount is typed and told. */
export interface AmountField {
  readonly name: AmountName;
  readonly label: string;
  /** Behind the number; '' where the label says it. */
  readonly unit: string;
  /** What one of that unit is in the amount's own. */
  readonly size: number;
}

/** In the order of every page. */
export const AMOUNT_FIELDS: readonly AmountField[] = [
  { name: 'machines', label: 'Machines', unit: '', size: 1 },
  { name: 'vcpus', label: 'vCPUs', unit: '', size: 1 },
  { name: 'memoryMib', label: 'Memory', unit: 'GiB', size: 1024 },
  { name: 'storageMib', label: 'Storage', unit: 'GiB', size: 1024 },
  { name: 'gpus', label: 'GPUs', unit: '', size: 1 },
  { name: 'vcpuMinutes', label: 'vCPU hours', unit: 'h', size: 60 },
  { name: 'gpuMinutes', label: 'GPU hours', unit: 'h', size: 60 },
];

const figure = ({ size }: AmountField, amount: number): number => Math.round((amount / size) * 10) / 10;

/** As a field has it: "16" for 16384 MiB. */
export function typed(field: AmountField, amount: number | undefined): string {
  return amount === undefined ? '' : String(figure(field, amount));
}

/** "16 GiB", "no limit" */
export function told(field: AmountField, amount: number | null): string {
  return amount === null ? 'no limit' : [figure(field, amount), field.unit].filter((part) => part !== '').join(' ');
}

/** "vCPUs 8, Memory 16 GiB" */
export function amountsWords(amounts: RequestedAmounts): string {
  return AMOUNT_FIELDS.flatMap((field) => {
    const amount = amounts[field.name];
    return amount === undefined ? [] : [`${field.label} ${told(field, amount)}`];
  }).join(', ');
}

/** What was typed, empty fields left out; a string says what is wrong with it. */
export function amountsOf(values: ReadonlyMap<AmountName, string>): RequestedAmounts | string {
  const amounts: RequestedAmounts = {};
  for (const { name, label, size } of AMOUNT_FIELDS) {
    const text = values.get(name)?.trim() ?? '';
    if (text === '') continue;
    const amount = Math.round(Number(text.replace(',', '.')) * size);
    if (!(amount >= 1) || amount > 1_000_000_000) return `${label}: name a number above 0, or leave it empty.`;
    amounts[name] = amount;
  }
  return amounts;
}
