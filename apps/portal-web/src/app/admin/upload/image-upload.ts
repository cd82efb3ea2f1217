import { HttpClient } from '@angular/common/http';
import { DOCUMENT, DestroyRef, Injectable, computed, inject, signal } from '@angular/core';
import { Clock } from '../../api/clock';
import { SessionStore } from '../../api/session.store';
import { UserMessage } from '../../api/user-message';
import { SpeedMeter } from '../../desktop/files/speed-meter';
import { ResumableUpload, SEND_RESUMABLY, UPLOAD_MEMORY } from './send-resumably';
import { BegunUpload } from './upload-memory';

export type UploadState =
  | { readonly kind: 'none' }
  /** `cut`: the connection is, and it is tried again by itself. */
  | { readonly kind: 'sending'; readonly cut: boolean }
  | { readonly kind: 'paused' }
  | { readonly kind: 'failed'; readonly problem: UserMessage }
  /** `upload`: its id at the api. */
  | { readonly kind: 'done'; readonly upload: string };

/** The file of an image on its way to the server: one at a time, and on from page to page. */
@Injectable({ providedIn: 'root' })
export class ImageUpload {
  private readonly http = inject(HttpClient);
  private readonly send = inject(SEND_RESUMABLY);
  private readonly memory = inject(UPLOAD_MEMORY);
  private readonly session = inject(SessionStore);
  private readonly clock = inject(Clock);
  private readonly current = signal<UploadState>({ kind: 'none' });
  private readonly chosen = signal<File | undefined>(undefined);
  private readonly counted = signal({ sent: 0, bytesPerSecond: null as number | null });
  private readonly remembered = signal<readonly BegunUpload[]>(this.memory.begun());
  private meter = new SpeedMeter();
  private sending: ResumableUpload | undefined;
  /** Which choice counts: answers of an earlier one come too late. */
  private turn = 0;

  readonly state = this.current.asReadonly();
  readonly file = this.chosen.asReadonly();
  readonly progress = this.counted.asReadonly();
  /** Begun before the page was loaded again: each goes on once the same file is chosen. */
  readonly begun = computed(() => {
    const mine = this.remembered().filter(({ fingerprint }) => fingerprint.startsWith(`${this.person()}/`));
    return this.current().kind === 'none' ? mine : [];
  });

  constructor() {
    const view = inject(DOCUMENT).defaultView;
    const control = new AbortController();
    // Only while bytes would be cut off: the browser then asks in its own words.
    const ask = (event: Event) => this.current().kind === 'sending' && event.preventDefault();
    view?.addEventListener('beforeunload', ask, { signal: control.signal });
    view?.addEventListener('online', () => this.online(), { signal: control.signal });
    inject(DestroyRef).onDestroy(() => control.abort());
  }

  /** Sends it, from where an earlier upload of the same file was left. */
  async choose(file: File): Promise<void> {
    this.sending?.pause();
    const turn = ++this.turn;
    const mine = (action: () => void) => turn === this.turn && action();
    this.chosen.set(file);
    this.counted.set({ sent: 0, bytesPerSecond: null });
    this.meter = new SpeedMeter();
    this.current.set({ kind: 'sending', cut: false });
    const upload = await this.send(file, this.fingerprint(file), {
      progress: (sent) => mine(() => this.count(sent)),
      cut: () => mine(() => this.current.set({ kind: 'sending', cut: true })),
      done: (id) => mine(() => this.current.set({ kind: 'done', upload: id })),
      failed: (error) => mine(() => this.current.set({ kind: 'failed', problem: error.user })),
    });
    mine(() => {
      this.sending = upload;
      upload.start();
    });
  }

  pause(): void {
    this.sending?.pause();
    this.current.set({ kind: 'paused' });
  }

  resume(): void {
    this.meter = new SpeedMeter();
    this.current.set({ kind: 'sending', cut: false });
    this.sending?.start();
  }

  /** Gives it up: nothing of it stays. */
  async discard(): Promise<void> {
    const upload = this.sending;
    this.forget();
    // What the server does not hear of now it throws away itself after some time.
    await upload?.discard().catch(() => undefined);
    this.remembered.set(this.memory.begun());
  }

  /** It was used for an image: ready for the next one. */
  forget(): void {
    this.turn++;
    this.sending = undefined;
    this.chosen.set(undefined);
    this.current.set({ kind: 'none' });
    this.remembered.set(this.memory.begun());
  }

  /** Begun earlier, and not wanted any more: nothing of it stays. */
  drop({ fingerprint, id }: BegunUpload): void {
    this.memory.forget(fingerprint);
    this.remembered.set(this.memory.begun());
    // What the server does not hear of now it throws away itself after some time.
    this.http.delete(`/api/uploads/${id}`, { headers: { 'Tus-Resumable': '1.0.0' } }).subscribe({ error: () => undefined });
  }

  private count(sent: number): void {
    this.meter.add(this.clock.now(), sent);
    this.counted.set({ sent, bytesPerSecond: this.meter.speed() });
    if (this.current().kind === 'sending') this.current.set({ kind: 'sending', cut: false });
  }

  /** The network is back: not worth waiting for the next try. */
  private online(): void {
    const state = this.current();
    if (state.kind === 'failed' && state.problem.code === 'OFFLINE') this.resume();
  }

  /** One person's: somebody else at the same browser begins anew. */
  private fingerprint({ name, size, lastModified }: File): string {
    return `${this.person()}/${name}/${size}/${lastModified}`;
  }

  private person(): string {
    return this.session.user()?.id ?? '';
  }
}
