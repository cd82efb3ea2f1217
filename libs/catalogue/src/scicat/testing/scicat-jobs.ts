import { randomUUID } from 'node:crypto';
import { GivenAnswer } from '../../http/testing/test-server';
import { Caller, StoredDataset, StoredJob } from './scicat-store';

const V3_FIELDS = ['type', 'emailJobInitiator', 'jobParams', 'datasetList', 'jobStatusMessage'];
const V4_FIELDS = ['type', 'ownerUser', 'ownerGroup', 'contactEmail', 'jobParams'];

interface JobBody {
  type?: string;
  ownerUser?: string;
  ownerGroup?: string;
  jobParams?: Record<string, unknown> & { datasetList?: { pid: string }[] };
  datasetList?: { pid: string }[];
}

/** Jobs of the test SciCat, through both of its interfaces. */
export class JobDesk {
  readonly jobs = new Map<string, StoredJob>();
  /** As configured in jobConfig.yaml; SciCat comes with none. */
  readonly types = new Set(['retrieve']);

  constructor(private readonly datasets: StoredDataset[]) {}

  /** The archive carries out what was asked, and tells SciCat. */
  finish(how = 'finishedSuccessful'): void {
    for (const job of this.jobs.values()) {
      job.status = how;
      for (const dataset of this.datasets) {
        if (how === 'finishedSuccessful' && job.pids.includes(dataset.pid))
          dataset.datasetlifecycle['isOnCentralDisk'] = true;
      }
    }
  }

  create(api: 'v3' | 'v4', caller: Caller, text: string): GivenAnswer {
    if (!caller) return json(403, { message: 'Forbidden resource', error: 'Forbidden', statusCode: 403 });
    const body = JSON.parse(text) as JobBody;
    const stray = Object.keys(body).find((field) => !(api === 'v3' ? V3_FIELDS : V4_FIELDS).includes(field));
    if (stray) {
      return json(400, { message: [`property ${stray} should not exist`], error: 'Bad Request', statusCode: 400 });
    }
    const list = (api === 'v3' ? body.datasetList : body.jobParams?.datasetList) ?? [];
    const refusal = this.refusal(caller, body, list);
    if (refusal) return json(400, { status: 400, message: refusal });
    const { type = '', jobParams = {}, ownerUser = null } = body;
    const id = randomUUID();
    const job = { id, type, ownerUser, status: 'jobSubmitted', pids: list.map(({ pid }) => pid), jobParams };
    this.jobs.set(id, job);
    return json(201, written(api, job));
  }

  find(api: 'v3' | 'v4', caller: Caller, id: string): GivenAnswer {
    const job = this.jobs.get(id);
    if (!job) return json(400, { status: 400, message: 'Invalid job id.' });
    if (!caller?.admin && job.ownerUser !== caller?.username) {
      return json(403, { message: 'Unauthorized to get this job.', error: 'Forbidden', statusCode: 403 });
    }
    return json(200, written(api, job));
  }

  private refusal(caller: NonNullable<Caller>, body: JobBody, list: { pid: string }[]): string | null {
    if (!this.types.has(body.type ?? '')) return `Invalid job type: ${body.type}`;
    if (list.length === 0) return 'List of passed datasets is empty.';
    const found = list.map(({ pid }) => this.datasets.find((dataset) => dataset.pid === pid));
    if (found.includes(undefined)) return 'Datasets with pid do not exist.';
    if (found.some((dataset) => dataset?.datasetlifecycle['retrievable'] !== true)) {
      return "Invalid request. Invalid value for 'datasetlifecycle.retrievable'";
    }
    if (caller.admin) return null;
    if (!body.ownerGroup) return 'Invalid new job. Owner group should be specified.';
    if (body.ownerUser && body.ownerUser !== caller.username) {
      return 'Invalid new job. User owning the job should match user logged in.';
    }
    return caller.groups.includes(body.ownerGroup) ? null : 'Invalid new job. User needs to belong to job owner group.';
  }
}

function written(api: 'v3' | 'v4', { id, type, status, pids, jobParams, ownerUser }: StoredJob): object {
  const datasetList = pids.map((pid) => ({ pid, files: [] }));
  if (api === 'v4') {
    return { _id: id, id, type, ownerUser, statusCode: status, statusMessage: 'Job submitted.', jobParams };
  }
  const creationTime = '2026-01-01T19:00:00.000Z';
  return { _id: id, id, type, creationTime, jobParams, jobStatusMessage: status, datasetList, jobResultObject: {} };
}

function json(status: number, value: object): GivenAnswer {
  return { status, text: JSON.stringify(value) };
}
