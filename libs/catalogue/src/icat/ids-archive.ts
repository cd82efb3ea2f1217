import { RestoreRequest, RestoreState } from '../catalogue';
import { RestoreRefused } from '../errors';
import { Availability } from '../proposal';
import { IcatFault } from './icat-fault';
import { IdsClient, IdsStatus, isBroken } from './ids-client';

/** Of one `getStatus`: ids fit the URL. */
const AT_ONCE = 60;
const PARALLEL = 8;
/** Questions for one list; what is still mixed then stays "unknown". */
const ASKS_MAX = 120;
const TWO_LEVEL_BELIEVED_MS = 10 * 60_000;

const AVAILABILITY: Record<IdsStatus, Availability> = {
  ONLINE: 'online',
  RESTORING: 'restoring',
  ARCHIVED: 'archived',
};
const STATES: Record<IdsStatus, RestoreState> = { ONLINE: 'done', RESTORING: 'running', ARCHIVED: 'requested' };

/** What ICAT's data server holds online and what only in the archive. */
export class IdsArchive {
  private twoLevel: { value: boolean; until: number } | null = null;

  constructor(private readonly ids: IdsClient) {}

  /**
   * Where each dataset is. The data server answers for a whole selection at once, so that one answer settles a list that is all
   * online; a mixed one is halved until its parts are clear. What is not in the answer is not known.
   */
  async whereabouts(session: string, datasetIds: readonly string[]): Promise<Map<string, Availability>> {
    if (datasetIds.length === 0) return new Map();
    if (!(await this.isTwoLevel())) return new Map(datasetIds.map((id) => [id, 'online']));
    const found = new Map<string, Availability>();
    let open = parts(datasetIds, AT_ONCE);
    for (let asked = 0; open.length > 0 && asked < ASKS_MAX; asked += PARALLEL) {
      const settled = await Promise.all(open.splice(0, PARALLEL).map((part) => this.settle(session, part, found)));
      open = [...open, ...settled.flat()];
    }
    return found;
  }

  /** @param datasetIds digits, each checked to be the asker's */
  async restore(session: string, datasetIds: string[]): Promise<RestoreRequest> {
    const id = datasetIds.join('.');
    const state = await this.state(session, datasetIds);
    if (state === 'done' || state === 'running') return { id, datasetIds, state };
    if (!(await this.isTwoLevel())) throw new RestoreRefused('unsupported', 'the data server has no second level');
    try {
      await this.ids.restore(session, datasetIds);
    } catch (error) {
      throw refusalOf(error);
    }
    return { id, datasetIds, state: 'requested' };
  }

  /** `failed`: the archive has to be reset by its keepers. */
  async state(session: string, datasetIds: readonly string[]): Promise<RestoreState> {
    try {
      const states = await Promise.all(parts(datasetIds, AT_ONCE).map((part) => this.ids.status(session, part)));
      const worst = (['ARCHIVED', 'RESTORING', 'ONLINE'] as const).find((state) => states.includes(state));
      return STATES[worst ?? 'ONLINE'];
    } catch (error) {
      if (isBroken(error)) return 'failed';
      throw error;
    }
  }

  /** @returns the parts that need another question */
  private async settle(session: string, part: string[], found: Map<string, Availability>): Promise<string[][]> {
    let answer: Availability;
    try {
      answer = AVAILABILITY[await this.ids.status(session, part)];
    } catch (error) {
      if (!isBroken(error)) throw error;
      answer = 'unknown';
    }
    if (answer !== 'online' && part.length > 1) return parts(part, Math.ceil(part.length / 2));
    for (const id of part) found.set(id, answer);
    return [];
  }

  private async isTwoLevel(): Promise<boolean> {
    if (!this.twoLevel || Date.now() >= this.twoLevel.until) {
      this.twoLevel = { value: await this.ids.isTwoLevel(), until: Date.now() + TWO_LEVEL_BELIEVED_MS };
    }
    return this.twoLevel.value;
  }
}

/** The datasets of a request's id; null: not one of ours. */
export function datasetsOfRequest(requestId: string): string[] | null {
  const ids = requestId.split('.');
  return ids.every(isDatasetId) && new Set(ids).size === ids.length ? ids : null;
}

/** ICAT's ids are numbers; anything else never reaches a query. */
export function isDatasetId(id: string): boolean {
  return /^[1-9]\d{0,17}$/.test(id);
}

function parts(ids: readonly string[], size: number): string[][] {
  return Array.from({ length: Math.ceil(ids.length / size) }, (_, i) => ids.slice(i * size, (i + 1) * size));
}

function refusalOf(error: unknown): unknown {
  // 403 may be a dead session: whoever holds it looks into that.
  if (!(error instanceof IcatFault) || error.status === 403) return error;
  if (error.status === 501) return new RestoreRefused('unsupported', error.detail);
  const no = error.status < 500 || error.code === 'InsufficientStorageException';
  return no ? new RestoreRefused('refused', error.detail) : error;
}
