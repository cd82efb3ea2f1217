import { byteWords } from '../../desktop/files/file-words';
import { remaining } from '../../shell/durations';
import { UploadState } from './image-upload';

/** How far an upload is, in one line: "1.2 GB of 4 GB · 24 MB/s · 1 min 56 s left". Sizes in bytes. */
export function uploadWords(
  { kind, ...state }: UploadState,
  size: number,
  { sent, bytesPerSecond }: { sent: number; bytesPerSecond: number | null },
): string {
  const amount = `${byteWords(sent)} of ${byteWords(size)}`;
  switch (kind) {
    case 'none':
      return '';
    case 'done':
      return `${byteWords(size)}, all of it is on the server`;
    case 'paused':
      return `${amount}, paused`;
    case 'failed':
      return `${amount}, stopped`;
    case 'sending':
      if ('cut' in state && state.cut) return `${amount}. The connection was cut; it goes on by itself as soon as it is back`;
      if (!bytesPerSecond) return amount;
      return `${amount} · ${byteWords(Math.round(bytesPerSecond))}/s · ${remaining(((size - sent) / bytesPerSecond) * 1000)} left`;
  }
}

/** For who listens: changes with every tenth, not with every packet. */
export function spokenUpload({ kind }: UploadState, size: number, sent: number): string {
  if (kind !== 'sending') return { none: '', done: 'Uploaded.', paused: 'Paused.', failed: 'The upload stopped.' }[kind];
  const percent = size === 0 ? 0 : Math.floor((10 * sent) / size) * 10;
  return `Uploading, ${percent} % done.`;
}
