import { signal } from '@angular/core';
import type { FileEntry } from '@beamdesk/contracts';
import { nameProblem } from './file-paths';
import { SpeedMeter } from './speed-meter';
import { TransferFailure } from './transfer-failure';

/** Where a transfer stands. */
export type TransferState =
  /** `note`: why it still waits, where that is not only its turn. */
  | { readonly kind: 'waiting'; readonly note?: string }
  | { readonly kind: 'sending' }
  /** Something of this name is there; the person has to say what to do. */
  | { readonly kind: 'asking'; readonly existing?: FileEntry }
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly failure: TransferFailure }
  | { readonly kind: 'skipped' }
  | { readonly kind: 'cancelled' };

/** How far a transfer is, as it is shown. */
export interface TransferProgress {
  readonly sent: number;
  readonly bytesPerSecond: number | null;
  /** Nothing has left for a while. */
  readonly stalled: boolean;
}

/** What to do where a name is taken. */
export type ExistsRule = 'replace' | 'keep-both' | 'skip';

/** What is sent together; folders are made once for all of it. */
export interface Batch {
  readonly instanceId: string;
  /** The folder it goes to: that one is there already. */
  readonly root: string;
  readonly made: Map<string, Promise<void>>;
  /** What the person said for all that is there already. */
  rule: ExistsRule | undefined;
}

const STALLED_MS = 10_000;
const NOTHING: TransferProgress = { sent: 0, bytesPerSecond: null, stalled: false };
let lastId = 0;

/** One file on its way to a desktop. The queue moves it; the pages look. */
export class Transfer {
  readonly id = ++lastId;
  readonly name = signal('');
  readonly state = signal<TransferState>({ kind: 'waiting' });
  /** Brought up to date a few times a second, not with every packet. */
  readonly progress = signal<TransferProgress>(NOTHING);
  /** Names of which the desktop said that they are taken, whatever a listing shows. */
  readonly taken = new Set<string>();
  /** Decided by the person, for this file. */
  rule: ExistsRule | undefined;
  /** Failures that may pass by themselves, in a row. */
  attempts = 0;
  /** Not to be tried before this time, ms since 1970. */
  notBefore = 0;
  private meter = new SpeedMeter();
  private sent = 0;
  private movedAt = 0;

  constructor(
    readonly batch: Batch,
    readonly folder: string,
    readonly file: File,
  ) {
    // Macs take names apart into letters and accents; people on the desktop type them in one.
    this.name.set(file.name.normalize('NFC'));
    const problem = nameProblem(this.name());
    if (problem) this.state.set({ kind: 'failed', failure: { code: 'BAD_NAME', text: problem, final: true } });
  }

  get instanceId(): string {
    return this.batch.instanceId;
  }

  get kind(): TransferState['kind'] {
    return this.state().kind;
  }

  /** Has neither arrived nor been given up. */
  get unfinished(): boolean {
    return this.kind === 'waiting' || this.kind === 'sending' || this.kind === 'asking';
  }

  begin(now: number): void {
    this.meter = new SpeedMeter();
    this.meter.add(now, 0);
    this.sent = 0;
    this.movedAt = now;
    this.progress.set(NOTHING);
    this.state.set({ kind: 'sending' });
  }

  /** Bytes that have left; cheap, shown with the next `publish`. */
  moved(sent: number, now: number): void {
    this.sent = Math.min(sent, this.file.size);
    this.movedAt = now;
  }

  /** How long nothing has left, ms. */
  silentFor(now: number): number {
    return now - this.movedAt;
  }

  publish(now: number): void {
    this.meter.add(now, this.sent);
    const stalled = this.silentFor(now) >= STALLED_MS;
    this.progress.set({ sent: this.sent, bytesPerSecond: this.meter.speed(), stalled });
  }
}
