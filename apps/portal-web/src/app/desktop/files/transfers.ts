import { DOCUMENT, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { Subject } from 'rxjs';
import { SessionStore } from '../../api/session.store';
import { Toasts } from '../../shell/toasts.store';
import { Chosen } from './chosen-files';
import { Destinations } from './destinations';
import { join } from './file-paths';
import { SendTransfer } from './send-transfer';
import { Batch, ExistsRule, Transfer } from './transfer';
import { SILENT, TransferFailure, concernsAll, failureOf, passesByItself } from './transfer-failure';

const AT_ONCE = 2;
/** How often what is shown is brought up to date while something is on its way. */
const TICK_MS = 200;
const GIVE_UP_AFTER_MS = 180_000;
const TRY_AGAIN_AFTER_MS = [2000, 4000, 8000, 16_000];

/**
 * All files on their way to desktops, two at a time. Goes on when the panel or the page of the desktop is left; the
 * browser asks before the tab is.
 */
@Injectable({ providedIn: 'root' })
export class Transfers {
  private readonly sender = inject(SendTransfer);
  private readonly destinations = inject(Destinations);
  private readonly toasts = inject(Toasts);
  private readonly view = inject(DOCUMENT).defaultView;
  private readonly list = signal<readonly Transfer[]>([]);
  private readonly running = new Map<Transfer, AbortController>();
  private ticker: ReturnType<typeof setInterval> | undefined;

  /** In the order in which they were added. */
  readonly all = this.list.asReadonly();
  /** Tells each folder in which something has changed. */
  readonly landed = new Subject<{ readonly instanceId: string; readonly folder: string }>();
  private readonly busy = computed(() => this.list().some((transfer) => transfer.unfinished));

  constructor() {
    const session = inject(SessionStore);
    effect((onCleanup) => {
      if (!this.busy()) return;
      const ask = (event: BeforeUnloadEvent) => event.preventDefault();
      this.view?.addEventListener('beforeunload', ask);
      onCleanup(() => this.view?.removeEventListener('beforeunload', ask));
    });
    effect(() => {
      const signedOut = session.loaded() && !session.signedIn();
      if (signedOut) untracked(() => this.list().forEach((transfer) => this.cancel(transfer)));
    });
  }

  /** Sends files into a folder of a desktop, with the folders they lie in. */
  add(instanceId: string, root: string, { files, folders }: Chosen): void {
    const batch: Batch = { instanceId, root, made: new Map(), rule: undefined };
    const place = (names: readonly string[]) => join(root, ...names.map((name) => name.normalize('NFC')));
    const fresh = files.map(({ file, folders: way }) => new Transfer(batch, place(way), file));
    this.list.update((all) => [...all, ...fresh]);
    void this.makeFolders(batch, folders.map(place));
    this.pump();
  }

  cancel(transfer: Transfer): void {
    if (!transfer.unfinished) return;
    transfer.state.set({ kind: 'cancelled' });
    this.abort(transfer);
  }

  cancelAll(instanceId: string): void {
    // Those that wait first, or each cancelled one would let the next begin.
    const own = this.of(instanceId).filter((transfer) => transfer.unfinished);
    own.filter(({ kind }) => kind !== 'sending').forEach((transfer) => this.cancel(transfer));
    own.filter(({ kind }) => kind === 'sending').forEach((transfer) => this.cancel(transfer));
  }

  /** Once more from the beginning, after a failure or a cancel. */
  retry(...transfers: readonly Transfer[]): void {
    for (const transfer of transfers.filter(mayRetry)) {
      Object.assign(transfer, { attempts: 0, notBefore: 0 });
      transfer.state.set({ kind: 'waiting' });
      this.destinations.forget(transfer.instanceId, transfer.folder);
    }
    this.pump();
  }

  retryAll(instanceId: string): void {
    this.retry(...this.of(instanceId).filter(({ kind }) => kind === 'failed'));
  }

  /** What to do with a file whose name is taken; `forAll`: also with every other that was not sent yet. */
  answer(transfer: Transfer, rule: ExistsRule, forAll: boolean): void {
    const concerned = forAll ? this.of(transfer.instanceId).filter(({ unfinished }) => unfinished) : [transfer];
    for (const each of concerned) {
      if (forAll) each.batch.rule = rule;
      if (each.kind !== 'asking') continue;
      each.rule = rule;
      // The server knows of it, but a listing may not: its next refusal would ask the same again.
      each.state.set(rule === 'skip' ? { kind: 'skipped' } : { kind: 'waiting' });
    }
    this.pump();
  }

  /** Forgets what is over. */
  clear(instanceId: string): void {
    this.list.update((all) => all.filter((transfer) => transfer.instanceId !== instanceId || transfer.unfinished));
  }

  of(instanceId: string): readonly Transfer[] {
    return this.list().filter((transfer) => transfer.instanceId === instanceId);
  }

  private pump(): void {
    const now = Date.now();
    for (const transfer of this.list()) {
      if (this.running.size >= AT_ONCE) break;
      if (transfer.kind === 'waiting' && transfer.notBefore <= now) void this.run(transfer);
    }
    if (!this.busy()) {
      clearInterval(this.ticker);
      this.ticker = undefined;
    } else {
      this.ticker ??= setInterval(() => this.tick(), TICK_MS);
    }
  }

  private tick(): void {
    const now = Date.now();
    for (const transfer of [...this.running.keys()]) {
      transfer.publish(now);
      if (transfer.silentFor(now) < GIVE_UP_AFTER_MS) continue;
      this.fail(transfer, SILENT);
      this.abort(transfer);
    }
    this.pump();
  }

  private async run(transfer: Transfer): Promise<void> {
    const control = new AbortController();
    this.running.set(transfer, control);
    transfer.begin(Date.now());
    try {
      const state = await this.sender.run(transfer, control.signal);
      if (control.signal.aborted) return;
      transfer.state.set(state);
      if (state.kind === 'done') this.landed.next(transfer);
    } catch (error) {
      if (!control.signal.aborted) this.failed(transfer, failureOf(error));
    } finally {
      if (this.running.get(transfer) === control) this.running.delete(transfer);
      this.pump();
    }
  }

  /** Waits and tries again what may pass by itself; tells the rest what concerns them as well. */
  private failed(transfer: Transfer, failure: TransferFailure): void {
    const delay = TRY_AGAIN_AFTER_MS[transfer.attempts++];
    if (passesByItself(failure) && delay !== undefined) {
      transfer.notBefore = Date.now() + delay;
      // The answer may have been lost, and not the file.
      this.destinations.forget(transfer.instanceId, transfer.folder);
      const why = failure.code.startsWith('TOO_MANY')
        ? 'Others of your files are on their way'
        : 'The connection broke';
      transfer.state.set({ kind: 'waiting', note: `${why}; tried again in a moment` });
      return;
    }
    this.fail(transfer, failure);
    if (!concernsAll(failure)) return;
    for (const other of this.of(transfer.instanceId)) if (other.kind === 'waiting') this.fail(other, failure);
  }

  private fail(transfer: Transfer, failure: TransferFailure): void {
    transfer.state.set({ kind: 'failed', failure });
  }

  private abort(transfer: Transfer): void {
    this.running.get(transfer)?.abort();
    this.running.delete(transfer);
    this.pump();
  }

  /** Also those that nothing lies in. A folder with files that can't be made is told by each of them. */
  private async makeFolders(batch: Batch, folders: readonly string[]): Promise<void> {
    try {
      for (const folder of folders) await this.destinations.make(batch, folder);
      if (folders.length > 0) this.landed.next({ instanceId: batch.instanceId, folder: batch.root });
    } catch (error) {
      this.toasts.error(error);
    }
  }
}

/** Whether trying again may help. */
export function mayRetry(transfer: Transfer): boolean {
  const state = transfer.state();
  return state.kind === 'cancelled' || (state.kind === 'failed' && !state.failure.final);
}
