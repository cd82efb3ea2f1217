import { RestoreRequest, RestoreState } from '../catalogue';
import { RestoreRefused } from '../errors';
import { ScicatClient } from './scicat-client';
import { ScicatFault } from './scicat-fault';
import { RetrieveSettings } from './scicat-settings';

export interface RetrieveOrder {
  pids: string[];
  /** The person's user name at SciCat. */
  user: string;
  ownerGroup: string;
}

/** Restores as SciCat knows them: a job, which the archive's own programs carry out. */
export class RetrieveJobs {
  constructor(
    private readonly client: ScicatClient,
    private readonly settings: RetrieveSettings,
  ) {}

  /** @throws RestoreRefused */
  async request(order: RetrieveOrder): Promise<RestoreRequest> {
    try {
      const job = await this.client.createJob(this.settings.api, this.body(order));
      return { id: job.id, datasetIds: order.pids, state: stateOf(job.status) };
    } catch (error) {
      throw refusalOf(error);
    }
  }

  /** Null: no job, or one over a dataset that is not among `visible`. */
  async status(id: string, visible: ReadonlySet<string>): Promise<RestoreRequest | null> {
    if (!/^[A-Za-z0-9-]{1,64}$/.test(id)) return null;
    const job = await this.client.job(this.settings.api, id);
    if (!job || job.pids.length === 0 || !job.pids.every((pid) => visible.has(pid))) return null;
    return { id, datasetIds: job.pids, state: stateOf(job.status) };
  }

  /** A property that is not expected makes the whole of it a bad request. */
  private body({ pids, user, ownerGroup }: RetrieveOrder): object {
    const { api, type, destinationPath, onBehalf, email } = this.settings;
    const datasetList = pids.map((pid) => ({ pid, files: [] }));
    const jobParams = { username: user, destinationPath };
    if (api === 'v4') {
      return { type, ...(onBehalf ? { ownerUser: user } : {}), ownerGroup, jobParams: { ...jobParams, datasetList } };
    }
    return { type, ...(email === null ? {} : { emailJobInitiator: email }), jobParams, datasetList };
  }
}

/** Sites word their states as they like; what SciCat itself and its archive mocks write is known. */
function stateOf(status: string): RestoreState {
  if (/unsuccess|fail|error|cancel|reject/i.test(status)) return 'failed';
  if (/^finished/i.test(status)) return 'done';
  return /^jobSubmitted$|^jobCreated$/i.test(status) ? 'requested' : 'running';
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof ScicatFault) || error.status >= 500 || error.status === 401) return error;
  if (/datasetlifecycle\.retrievable/.test(error.said)) return new RestoreRefused('not-archived', error.detail);
  if (/invalid job type/i.test(error.said)) return new RestoreRefused('unsupported', error.detail);
  return new RestoreRefused('refused', error.detail);
}
