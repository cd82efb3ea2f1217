import { CatalogueUnavailable } from '../errors';
import { unavailable } from '../http/unavailable';
import { IcatClient } from './icat-client';
import { isFault } from './icat-fault';
import { IcatSession, isGone } from './icat-session';
import { IcatLogin } from './icat-settings';

/** After a refused sign-in nothing is tried for this long: others lock accounts after a few wrong passwords. */
const REFUSED_MS = 30_000;

interface Held {
  id: string;
  refreshAt: number;
}

/** One session at ICAT, opened when first needed, extended at half its life, opened anew when it is gone. */
export class HeldSession implements IcatSession {
  private held: Held | null = null;
  private opening: Promise<Held> | null = null;
  private refused: { until: number; error: CatalogueUnavailable } | null = null;

  /**
   * @param user the name the session must turn out to have; null: whatever it has
   */
  constructor(
    private readonly client: IcatClient,
    private readonly login: () => Promise<IcatLogin>,
    private readonly user: string | null,
    private readonly now: () => number = Date.now,
  ) {}

  /** Does something with the session's id; once more with a new one where ICAT no longer knows the session. */
  async use<T>(work: (id: string) => Promise<T>): Promise<T> {
    const { id } = await this.current();
    try {
      return await work(id);
    } catch (error) {
      if (!(await isGone(this.client, id, error))) throw error;
      if (this.held?.id === id) this.held = null;
      return work((await this.current()).id);
    }
  }

  async close(): Promise<void> {
    const held = this.held ?? (await this.opening?.catch(() => null));
    this.held = null;
    if (held) await this.client.logout(held.id).catch(() => undefined);
  }

  private current(): Promise<Held> {
    if (this.held && this.now() < this.held.refreshAt) return Promise.resolve(this.held);
    this.opening ??= (this.held ? this.extend(this.held) : this.open()).finally(() => (this.opening = null));
    return this.opening;
  }

  private async extend({ id }: Held): Promise<Held> {
    try {
      await this.client.refresh(id);
      return (this.held = await this.timed(id));
    } catch (error) {
      if (!isFault(error, 'SESSION')) throw error;
      this.held = null;
      return this.open();
    }
  }

  private async open(): Promise<Held> {
    if (this.refused && this.now() < this.refused.until) throw this.refused.error;
    try {
      const id = await this.client.login(await this.login());
      this.held = await this.timed(id);
      this.refused = null;
      return this.held;
    } catch (error) {
      if (error instanceof CatalogueUnavailable && error.reason === 'credentials') {
        this.refused = { until: this.now() + REFUSED_MS, error };
      }
      throw error;
    }
  }

  private async timed(id: string): Promise<Held> {
    const { userName, remainingMinutes } = await this.client.session(id);
    if (this.user !== null && userName !== this.user) {
      await this.client.logout(id).catch(() => undefined);
      throw unavailable('credentials', `the session of '${this.user}' turned out to be of '${userName}'`);
    }
    return { id, refreshAt: this.now() + Math.max(0, remainingMinutes * 30_000) };
  }
}
