import { Injectable, inject, signal } from '@angular/core';
import type { ImageVersionView, ImageView } from '@beamdesk/contracts';
import { EMPTY, Observable, firstValueFrom, map } from 'rxjs';
import { messageOf } from '../api/api-error';
import { ImagesApi } from '../api/images.api';
import { UserMessage } from '../api/user-message';
import { createWatchedList } from '../api/watched-list';
import { Toasts } from '../shell/toasts.store';
import { takingIn } from './images.store';

const BUSY_MS = 1500;
const QUIET_MS = 15_000;

/** In place of a version: all of them. */
const WHOLE = { number: 0 };

/** One image with its versions, and what is done with them. */
@Injectable()
export class ImageStore {
  private readonly api = inject(ImagesApi);
  private readonly toasts = inject(Toasts);
  private readonly watched = createWatchedList<string, ImageView>(
    '',
    (id) => (id === '' ? EMPTY : this.api.get(id)),
    (answer) => (answer && takingIn(answer) ? BUSY_MS : QUIET_MS),
  );
  private readonly sending = signal<number | undefined>(undefined);
  private readonly refused = signal<{ number: number; problem: UserMessage } | undefined>(undefined);

  readonly list = this.watched.loader;
  readonly image = this.watched.page;
  /** The number of the version that something is done with just now. */
  readonly busy = this.sending.asReadonly();

  show(id: string): void {
    if (id !== this.watched.query()) this.watched.show(id);
  }

  load(): void {
    this.watched.load();
  }

  /** Why the last wish about a version was refused. */
  refusal(number: number): UserMessage | undefined {
    const refused = this.refused();
    return refused?.number === number ? refused.problem : undefined;
  }

  activate(version: ImageVersionView): Promise<unknown> {
    return this.run(version, this.api.activate(this.watched.query(), version.number), `Version ${version.number} is active.`);
  }

  retire(version: ImageVersionView): Promise<unknown> {
    return this.run(version, this.api.retire(this.watched.query(), version.number), `Version ${version.number} is retired.`);
  }

  retry(version: ImageVersionView): Promise<unknown> {
    return this.run(version, this.api.retry(this.watched.query(), version.number));
  }

  remove(version: ImageVersionView): Promise<unknown> {
    const id = this.watched.query();
    return this.run(version, this.api.removeVersion(id, version.number), `Version ${version.number} is deleted.`);
  }

  /** @returns the id of the desktop; undefined: it was refused */
  async tryOut(version: ImageVersionView): Promise<string | undefined> {
    return (await this.run(version, this.api.tryOut(this.watched.query(), version.number)))?.id;
  }

  /** The image with all its versions; false: it was refused, see `refusal(0)`. */
  async removeAll(): Promise<boolean> {
    const gone = this.api.remove(this.watched.query()).pipe(map(() => true));
    return (await this.run(WHOLE, gone, 'The image is deleted.')) ?? false;
  }

  /** One at a time; undefined: refused, see `refusal`. */
  private async run<T>({ number }: Pick<ImageVersionView, 'number'>, action: Observable<T>, done?: string): Promise<T | undefined> {
    if (this.sending() !== undefined) return undefined;
    this.sending.set(number);
    this.refused.set(undefined);
    try {
      const answer = await firstValueFrom(action, { defaultValue: undefined });
      if (done) this.toasts.info(done);
      return answer;
    } catch (error) {
      this.refused.set({ number, problem: messageOf(error) });
      return undefined;
    } finally {
      this.sending.set(undefined);
      this.load();
    }
  }
}
