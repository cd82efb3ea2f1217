import { randomUUID } from 'node:crypto';
import { CatalogueAccount, RestoreRequest, RestoreState } from '../catalogue';
import { RestoreRefused } from '../errors';
import { Availability, DatasetRecord, ProposalKey } from '../proposal';
import { restoreIds } from '../restore-ids';

/** Brings one dataset's files back; rejects when that failed. */
export type Retrieve = (key: ProposalKey, dataset: DatasetRecord) => Promise<void>;

interface Entry {
  account: string;
  key: ProposalKey;
  datasetIds: string[];
}

/** Old requests are forgotten beyond this many. */
const KEPT = 1000;

/** The archive of a catalogue that has none of its own: which datasets were brought back, remembered by this process. */
export class RememberedRestores {
  private readonly requests = new Map<string, Entry>();
  private readonly states = new Map<string, RestoreState>();

  constructor(private readonly retrieve: Retrieve) {}

  /** What the catalogue says of a dataset, and what happened since. */
  availability(key: ProposalKey, dataset: DatasetRecord): Availability {
    if (dataset.availability !== 'archived') return dataset.availability;
    const state = this.states.get(mark(key, dataset.id));
    if (state === 'done') return 'online';
    return state === 'running' ? 'restoring' : 'archived';
  }

  /** @throws RestoreRefused not-found, not-archived, wrong-number */
  request(account: CatalogueAccount, key: ProposalKey, all: DatasetRecord[], wanted: string[]): RestoreRequest {
    const datasetIds = restoreIds(wanted);
    const datasets = datasetIds.map((id) => {
      const found = all.find((dataset) => dataset.id === id);
      if (!found) throw new RestoreRefused('not-found', `${key}: no dataset '${id}'`);
      if (found.availability === 'unknown') throw new RestoreRefused('not-archived', `${key}: '${id}' has no copy`);
      return found;
    });
    for (const dataset of datasets) if (this.availability(key, dataset) === 'archived') this.start(key, dataset);
    const id = randomUUID();
    this.requests.set(id, { account: account.name, key, datasetIds });
    for (const old of this.requests.keys()) if (this.requests.size > KEPT) this.requests.delete(old);
    return { id, datasetIds, state: this.stateOf(key, datasetIds) };
  }

  status(account: CatalogueAccount, key: ProposalKey, id: string): RestoreRequest | null {
    const request = this.requests.get(id);
    if (!request || request.key !== key || request.account !== account.name) return null;
    return { id, datasetIds: [...request.datasetIds], state: this.stateOf(key, request.datasetIds) };
  }

  private start(key: ProposalKey, dataset: DatasetRecord): void {
    const name = mark(key, dataset.id);
    this.states.set(name, 'running');
    this.retrieve(key, dataset).then(
      () => this.states.set(name, 'done'),
      () => this.states.set(name, 'failed'),
    );
  }

  private stateOf(key: ProposalKey, datasetIds: string[]): RestoreState {
    const states = datasetIds.map((id) => this.states.get(mark(key, id)) ?? 'done');
    return states.includes('failed') ? 'failed' : states.includes('running') ? 'running' : 'done';
  }
}

function mark(key: ProposalKey, dataset: string): string {
  return JSON.stringify([key, dataset]);
}
