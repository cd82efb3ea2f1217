import type { MonitoredDesktop, MonitoredFigures } from '@beamdesk/contracts';
import { amount } from '../quotas/resource-words';
import type { STATES } from './desktop-query';

type State = (typeof STATES)[number];

/** The state of somebody's desktop in a word or two. */
export function siteStateWords({
  state,
  wanted,
  queuePosition,
}: Pick<MonitoredDesktop, 'state' | 'wanted' | 'queuePosition'>): string {
  if (queuePosition !== null) return `waiting, place ${queuePosition}`;
  if (state === 'FAILED') return 'failed';
  if (state === 'STOPPED' && wanted !== 'DELETED') return 'stopped';
  if (state === 'STOPPING' || state === 'DELETING' || wanted !== 'RUNNING') return 'stopping';
  return state === 'READY' ? 'running' : 'starting';
}

export function siteStateTone(desktop: Pick<MonitoredDesktop, 'state' | 'wanted' | 'queuePosition'>): string {
  const tones: Readonly<Record<string, string>> = { running: 'ready', stopped: 'quiet', failed: 'error' };
  return tones[siteStateWords(desktop)] ?? 'busy';
}

/** Which of them are shown, with how many there are. */
export function stateChoices(figures: MonitoredFigures | undefined): { id: State | ''; label: string }[] {
  const count = (label: string, value: number | undefined) => (value ? `${label} ${value}` : label);
  return [
    { id: '', label: 'All' },
    { id: 'READY', label: count('Running', figures?.ready) },
    { id: 'idle', label: count('Not in use', figures?.idle) },
    { id: 'coming', label: count('Starting', figures?.coming) },
    { id: 'queued', label: count('Waiting', figures?.queued) },
    { id: 'STOPPED', label: count('Stopped', figures?.stopped) },
    { id: 'FAILED', label: count('Failed', figures?.failed) },
  ];
}

/** All of them together: "12 sessions, 9 people". */
export function figureList({ ready, sessions, people, held }: MonitoredFigures): { label: string; value: string }[] {
  return [
    { label: 'Running', value: String(ready) },
    { label: 'Sessions', value: String(sessions) },
    { label: 'People', value: String(people) },
    { label: 'vCPUs', value: String(held.vcpus) },
    { label: 'Memory', value: amount('memoryMib', held.memoryMib) },
    { label: 'Disk', value: amount('storageMib', held.storageMib) },
    { label: 'GPUs', value: String(held.gpus) },
  ];
}
