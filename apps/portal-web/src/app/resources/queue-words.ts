import type { InstanceView } from '@beamdesk/contracts';

/** The turn of a launch that waits, after the word "Waiting"; undefined: it does not wait. */
export function queueWords({ queue, step }: Pick<InstanceView, 'queue' | 'step'>): string | undefined {
  return queue ? (step ?? '').replace(/^Waiting(: | for )/, (_, then) => (then === ': ' ? '' : 'for ')) : undefined;
}
