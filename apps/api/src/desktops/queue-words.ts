import type { QueueReason } from '@beamdesk/contracts';
import { ApiError } from '../http/api-error';

const WHY: Record<QueueReason, string> = {
  memory: 'the host is full (memory)',
  disk: 'the host is full (disk)',
  processors: 'the host has too much to do',
  desktops: 'the host runs as many desktops as it may',
  gpus: 'no GPU is free',
  host: 'its host is not at work',
  turn: 'others came before',
  maintenance: 'the site is being maintained',
};

const LEFT: Record<QueueReason, string> = {
  memory: 'There is not enough memory left for another desktop.',
  disk: 'There is not enough disk space left for another desktop.',
  processors: 'The computer that runs the desktops has too much to do for another one.',
  desktops: 'As many desktops run already as this site allows.',
  gpus: 'No GPU is free for another desktop.',
  host: 'The computer that runs the desktops is not ready at the moment.',
  turn: 'Others wait for the place of a desktop.',
  maintenance: 'The site is being maintained.',
};

/** What the page says of a launch that waits, e.g. "Waiting: 3rd in the queue, the host is full (memory)". */
export function queueStep(position: number, reason: QueueReason): string {
  return `Waiting: ${ordinal(position)} in the queue, ${WHY[reason]}`;
}

/** The refusal where launches do not wait. */
export function hostFull(short: QueueReason, details: Record<string, unknown>): ApiError {
  return new ApiError(409, 'HOST_FULL', `${LEFT[short]} Try again when somebody has stopped one.`, details);
}

export function ordinal(n: number): string {
  const last = n % 10;
  const teen = Math.floor((n % 100) / 10) === 1;
  const ending = teen ? 'th' : last === 1 ? 'st' : last === 2 ? 'nd' : last === 3 ? 'rd' : 'th';
  return `${n}${ending}`;
}
