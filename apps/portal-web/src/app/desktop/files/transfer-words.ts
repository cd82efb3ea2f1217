import { remaining } from '../../shell/durations';
import { byteWords, fileCount } from './file-words';
import { Transfer, TransferProgress } from './transfer';

/** How a transfer stands, in one line. */
export function transferWords(transfer: Transfer): string {
  const state = transfer.state();
  switch (state.kind) {
    case 'waiting':
      return state.note ?? `${byteWords(transfer.file.size)}, waits for its turn`;
    case 'sending':
      return sendingWords(transfer.file.size, transfer.progress());
    case 'asking':
      return 'Something of this name is there already';
    case 'done':
      return `${byteWords(transfer.file.size)}, sent`;
    case 'failed':
      return state.failure.text;
    case 'skipped':
      return 'Skipped: something of this name is there already';
    case 'cancelled':
      return 'Cancelled; nothing of it was kept';
  }
}

function sendingWords(size: number, { sent, bytesPerSecond, stalled }: TransferProgress): string {
  if (sent >= size && size > 0) return `${byteWords(size)} sent; the desktop is writing the rest`;
  const amount = `${byteWords(sent)} of ${byteWords(size)}`;
  if (stalled) return `${amount}; nothing moves at the moment`;
  if (!bytesPerSecond) return amount;
  const left = remaining(((size - sent) / bytesPerSecond) * 1000);
  return `${amount} · ${byteWords(Math.round(bytesPerSecond))}/s · ${left} left`;
}

/** All transfers of a desktop in figures. */
export interface TransferSums {
  readonly unfinished: number;
  readonly asking: number;
  readonly done: number;
  readonly failed: number;
  /** 0 to 100, of the bytes of what is not given up. */
  readonly percent: number;
}

export function sumsOf(transfers: readonly Transfer[]): TransferSums {
  const count = (...kinds: readonly string[]) => transfers.filter(({ kind }) => kinds.includes(kind)).length;
  const going = transfers.filter(({ unfinished, kind }) => unfinished || kind === 'done');
  const total = going.reduce((sum, { file }) => sum + file.size, 0);
  const sent = going.reduce((sum, each) => sum + (each.kind === 'done' ? each.file.size : sentOf(each)), 0);
  return {
    unfinished: count('waiting', 'sending', 'asking'),
    asking: count('asking'),
    done: count('done'),
    failed: count('failed'),
    percent: total === 0 ? 0 : Math.floor((sent / total) * 100),
  };
}

/** For who listens: changes with every quarter, not with every packet. */
export function spokenSums({ unfinished, asking, done, failed, percent }: TransferSums): string {
  if (asking > 0) return `${fileCount(asking)} there already: choose in the panel Files what to do.`;
  if (unfinished > 0) {
    const quarter = Math.floor(percent / 25) * 25;
    return `Sending ${fileCount(unfinished)}${quarter > 0 ? `, ${quarter} % done` : ''}.`;
  }
  const arrived = done > 0 ? `${fileCount(done)} sent. ` : '';
  return arrived + (failed > 0 ? `${fileCount(failed)} could not be sent.` : '');
}

function sentOf(transfer: Transfer): number {
  return transfer.kind === 'sending' ? transfer.progress().sent : 0;
}
