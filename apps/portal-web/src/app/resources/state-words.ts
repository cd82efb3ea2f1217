import type { InstanceView } from '@beamdesk/contracts';

/** How a state is shown: the tone chooses the colour, the words always say it too. */
export type Tone = 'ready' | 'busy' | 'quiet' | 'error';

/** The state of a desktop in one word for people. */
export function stateWords({ state, wanted, queue }: InstanceView): string {
  if (state === 'FAILED') return 'failed';
  if (state === 'STOPPED' && wanted !== 'DELETED') return 'stopped';
  if (state === 'STOPPING' || state === 'DELETING' || state === 'DELETED' || wanted !== 'RUNNING') return 'stopping';
  if (queue) return 'waiting';
  return state === 'READY' ? 'running' : 'starting';
}

export function stateTone(instance: InstanceView): Tone {
  const tones: Readonly<Record<string, Tone>> = { running: 'ready', stopped: 'quiet', failed: 'error' };
  return tones[stateWords(instance)] ?? 'busy';
}
