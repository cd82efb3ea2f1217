import type { AmountName, AmountsView, LimitsView, QuotaSubject, ResourceName, ResourcesView, ShortfallView } from '@beamdesk/contracts';

/** In the order of every page. */
export const RESOURCE_NAMES: readonly ResourceName[] = ['machines', 'vcpus', 'memoryMib', 'storageMib', 'gpus'];

export const AMOUNT_NAMES: readonly AmountName[] = [...RESOURCE_NAMES, 'vcpuMinutes', 'gpuMinutes'];

export const RESOURCE_LABELS: Readonly<Record<AmountName, string>> = {
  machines: 'Machines',
  vcpus: 'vCPUs',
  memoryMib: 'Memory',
  storageMib: 'Storage',
  gpus: 'GPUs',
  vcpuMinutes: 'vCPU-hours',
  gpuMinutes: 'GPU-hours',
};

/** An amount with its unit: MiB as MiB, GiB or TiB, minutes as hours, with at most one decimal; the others are counts. */
export function amount(resource: AmountName, value: number): string {
  if (resource === 'vcpuMinutes' || resource === 'gpuMinutes') return String(round(value / 60));
  if (resource !== 'memoryMib' && resource !== 'storageMib') return String(value);
  if (value < 1024) return `${value} MiB`;
  return value < 1024 * 1024 ? `${round(value / 1024)} GiB` : `${round(value / 1024 / 1024)} TiB`;
}

/** "1 machine, 2 vCPUs, 4 GiB memory, 20 GiB storage", leaving out what is not needed. */
export function needsWords(needs: ResourcesView & Partial<AmountsView>): string {
  return AMOUNT_NAMES.flatMap((name) => {
    const value = needs[name] ?? 0;
    return value > 0 ? [`${amount(name, value)} ${nameFor(name, value)}`] : [];
  }).join(', ');
}

/**
 * What is needed of what is left: "1 of 2 machines, 2 of 4 vCPUs, 2 of 4 GiB memory"; where nothing limits it, only what is
 * needed. Hours only where they are limited.
 */
export function costWords(needs: AmountsView, left: LimitsView): string {
  return AMOUNT_NAMES.filter((name) => needs[name] > 0 && (left[name] !== null || !isHour(name)))
    .map((name) => {
      const [takes, limit] = [amount(name, needs[name]), left[name]];
      if (limit === null) return `${takes} ${nameFor(name, needs[name])}`;
      const rest = amount(name, limit);
      // One unit for both is said once.
      const unit = rest.replace(/^[\d.]+/, '');
      const short = unit !== '' && takes.endsWith(unit) ? takes.slice(0, -unit.length) : takes;
      return `${short} of ${rest} ${nameFor(name, limit)}`;
    })
    .join(', ');
}

export function isHour(name: AmountName): boolean {
  return name === 'vcpuMinutes' || name === 'gpuMinutes';
}

function nameFor(name: AmountName, value: number): string {
  const one = amount(name, value) === '1';
  if (name === 'memoryMib') return 'memory';
  if (name === 'storageMib') return 'storage';
  if (name === 'machines') return one ? 'machine' : 'machines';
  return one ? RESOURCE_LABELS[name].slice(0, -1) : RESOURCE_LABELS[name];
}

/** Whose quota: "proposal 20260301", "beamline ID11", "the whole site"; '' for the person's own. */
export function whose(subject: QuotaSubject | undefined): string {
  if (subject === undefined || subject.kind === 'user') return '';
  return subject.kind === 'site' ? 'the whole site' : `${subject.kind} ${subject.name}`;
}

/** One shortfall in words: "Memory: 2 GiB missing (4 GiB needed, 2 GiB left)", with whose it is unless it is one's own. */
export function shortfallWords({ resource, requested, available, missing, subject }: ShortfallView): string {
  const [needed, left, lacking] = [requested, available, missing].map((value) => amount(resource, value));
  const of = whose(subject);
  const label = of === '' ? RESOURCE_LABELS[resource] : `${RESOURCE_LABELS[resource]} of ${of}`;
  return available === 0 ? `${label}: ${lacking} missing, none left` : `${label}: ${lacking} missing (${needed} needed, ${left} left)`;
}

/** All that is missing in one line: "Quota full: 1 machine, 2 GiB memory missing"; "Quota of proposal 20260301 full: …". */
export function missingWords(shortfalls: readonly ShortfallView[]): string {
  const places = [...new Set(shortfalls.map(({ subject }) => whose(subject)))];
  return places
    .map((place) => {
      const missing: AmountsView = {
        ...{ machines: 0, vcpus: 0, memoryMib: 0, storageMib: 0, gpus: 0 },
        ...{ vcpuMinutes: 0, gpuMinutes: 0 },
      };
      const here = shortfalls.filter(({ subject }) => whose(subject) === place);
      here.forEach((shortfall) => (missing[shortfall.resource] = shortfall.missing));
      return `${place === '' ? 'Quota' : `Quota of ${place}`} full: ${needsWords(missing)} missing`;
    })
    .join('. ');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
