import type { QuotaView, ResourceName, ResourcesView, ShortfallView } from '@beamdesk/contracts';

/** In the order of every page. */
export const RESOURCE_NAMES: readonly ResourceName[] = ['machines', 'vcpus', 'memoryMib', 'storageMib', 'gpus'];

export const RESOURCE_LABELS: Readonly<Record<ResourceName, string>> = {
  machines: 'Machines',
  vcpus: 'vCPUs',
  memoryMib: 'Memory',
  storageMib: 'Storage',
  gpus: 'GPUs',
};

/** An amount with its unit: MiB as MiB, GiB or TiB with at most one decimal; the others are counts. */
export function amount(resource: ResourceName, value: number): string {
  if (resource !== 'memoryMib' && resource !== 'storageMib') return String(value);
  if (value < 1024) return `${value} MiB`;
  return value < 1024 * 1024 ? `${round(value / 1024)} GiB` : `${round(value / 1024 / 1024)} TiB`;
}

/** "1 machine, 2 vCPUs, 4 GiB memory, 20 GiB storage", leaving out what is not needed. */
export function needsWords(needs: ResourcesView): string {
  const words = namesFor(needs);
  return RESOURCE_NAMES.filter((name) => needs[name] > 0)
    .map((name) => `${amount(name, needs[name])} ${words[name]}`)
    .join(', ');
}

/** What is needed of what is left: "1 of 2 machines, 2 of 4 vCPUs, 2 of 4 GiB memory". */
export function costWords(needs: ResourcesView, { available }: Pick<QuotaView, 'available'>): string {
  const words = namesFor(available);
  return RESOURCE_NAMES.filter((name) => needs[name] > 0)
    .map((name) => {
      const [takes, left] = [amount(name, needs[name]), amount(name, available[name])];
      // One unit for both is said once.
      const unit = left.replace(/^[\d.]+/, '');
      return `${unit !== '' && takes.endsWith(unit) ? takes.slice(0, -unit.length) : takes} of ${left} ${words[name]}`;
    })
    .join(', ');
}

function namesFor(amounts: ResourcesView): Readonly<Record<ResourceName, string>> {
  return {
    machines: amounts.machines === 1 ? 'machine' : 'machines',
    vcpus: amounts.vcpus === 1 ? 'vCPU' : 'vCPUs',
    memoryMib: 'memory',
    storageMib: 'storage',
    gpus: amounts.gpus === 1 ? 'GPU' : 'GPUs',
  };
}

/**
 * What is missing for `needs`, counting what `held` already takes as available again.
 * Only the server decides; this is for telling before the click.
 */
export function shortfalls(quota: QuotaView, needs: ResourcesView, held?: ResourcesView): ShortfallView[] {
  return RESOURCE_NAMES.flatMap((resource) => {
    const requested = needs[resource];
    const available = quota.available[resource] + (held?.[resource] ?? 0);
    return requested > available ? [{ resource, requested, available, missing: requested - available }] : [];
  });
}

/** One shortfall in words: "Memory: 2 GiB missing (4 GiB needed, 2 GiB left)". */
export function shortfallWords({ resource, requested, available, missing }: ShortfallView): string {
  const [needed, left, lacking] = [requested, available, missing].map((value) => amount(resource, value));
  const label = RESOURCE_LABELS[resource];
  return available === 0 ? `${label}: ${lacking} missing, none left` : `${label}: ${lacking} missing (${needed} needed, ${left} left)`;
}

/** All that is missing in one line: "Quota full: 1 machine, 2 GiB memory missing". */
export function missingWords(shortfalls: readonly ShortfallView[]): string {
  const missing = { machines: 0, vcpus: 0, memoryMib: 0, storageMib: 0, gpus: 0 };
  shortfalls.forEach((shortfall) => (missing[shortfall.resource] = shortfall.missing));
  return `Quota full: ${needsWords(missing)} missing`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
