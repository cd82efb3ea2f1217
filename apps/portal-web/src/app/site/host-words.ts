import type { MonitoredHost } from '@beamdesk/contracts';
import { amount } from '../quotas/resource-words';

/** One figure of a host: in words, and as a share of what there is. */
export interface HostBar {
  readonly label: string;
  readonly text: string;
  /** Null: not known. */
  readonly share: number | null;
}

const percent = (share: number) => `${Math.round(share * 100)} %`;

/** CPU, memory and disk, as far as they are known. */
export function hostBars(host: MonitoredHost): HostBar[] {
  return [
    { label: 'CPU load', ...loadOf(host) },
    { label: 'CPU pressure', ...pressureOf(host) },
    { label: 'Memory', ...takenOf('memoryMib', host.memoryTotalMib, host.memoryAvailableMib) },
    { label: 'Disk', ...takenOf('storageMib', host.diskTotalMib, host.diskAvailableMib) },
  ];
}

function loadOf({ cpuLoad, vcpus }: MonitoredHost): Omit<HostBar, 'label'> {
  if (cpuLoad === null || vcpus === null) return { text: 'not known', share: null };
  return { text: `${Math.round(cpuLoad * vcpus * 10) / 10} on ${vcpus} processors`, share: cpuLoad };
}

function pressureOf({ cpuPressure }: MonitoredHost): Omit<HostBar, 'label'> {
  if (cpuPressure === null) return { text: 'its kernel does not tell', share: null };
  return { text: `something waits ${percent(cpuPressure)} of the time`, share: cpuPressure };
}

function takenOf(name: 'memoryMib' | 'storageMib', total: number | null, left: number | null): Omit<HostBar, 'label'> {
  if (left === null) return { text: 'not known', share: null };
  if (total === null || total === 0) return { text: `${amount(name, left)} left`, share: null };
  return { text: `${amount(name, left)} left of ${amount(name, total)}`, share: 1 - Math.min(1, left / total) };
}

/** How it stands, and how that is shown; the words always say it too. */
export function hostState({ active, silent, draining, observedAt }: MonitoredHost): {
  words: string;
  tone: 'ready' | 'busy' | 'error' | 'quiet';
} {
  if (!active) return { words: 'left the site file', tone: 'quiet' };
  if (silent) return { words: observedAt === null ? 'has not spoken yet' : 'silent', tone: 'error' };
  return draining ? { words: 'draining', tone: 'busy' } : { words: 'takes launches', tone: 'ready' };
}
