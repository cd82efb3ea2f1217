import { z } from 'zod';
import { CatalogueHttp, HttpRequest } from '../http/catalogue-http';
import { parseAs, parseJson } from '../http/unavailable';
import { faultOf, ScicatFault } from './scicat-fault';
import {
  DATASET_FIELDS,
  datasetRow,
  identityRow,
  instrumentRow,
  jobRow,
  proposalRow,
  ScicatDataset,
  ScicatInstrument,
  ScicatJob,
  ScicatProposal,
  ScicatTechniques,
  TECHNIQUES_FIELDS,
  techniquesRow,
} from './scicat-rows';
import { ScicatSession } from './scicat-session';

export interface Page {
  skip: number;
  limit: number;
}

/**
 * SciCat's REST interface, call by call. Never `/proposals/:pid/datasets`: before 5.2 it answers with the datasets of everybody
 * (GHSA-pxvj-88j3-82p8).
 * @throws ScicatFault for every answer that is an error; otherwise as `CatalogueHttp` and `ScicatSession`
 */
export class ScicatClient {
  constructor(
    private readonly http: CatalogueHttp,
    private readonly session: ScicatSession,
  ) {}

  /** Proposals a group owns or may see, among those with this id where one is given; in the order of their ids. */
  proposals(groups: readonly string[], proposalId: string | null, { skip, limit }: Page): Promise<ScicatProposal[]> {
    const where = {
      ...(proposalId === null ? {} : { proposalId: { $in: [proposalId] } }),
      $or: [{ ownerGroup: { $in: groups } }, { accessGroups: { $in: groups } }],
    };
    // Here it is `filters`, and the condition is Mongo's own; `filter` would be ignored without a word.
    const filters = JSON.stringify({ where, limits: { limit, skip, order: 'proposalId:asc' } });
    return this.list(proposalRow, { path: 'api/v3/proposals', query: { filters } });
  }

  /** Groups SciCat holds of a user; none for one it does not know. */
  async groupsOf(username: string): Promise<string[]> {
    const filter = JSON.stringify({ where: { 'profile.username': { $in: [username] } } });
    const request = { path: 'api/v3/useridentities/findOne', query: { filter } };
    const ask = async (token: string) => ({ value: await this.one(identityRow, request, token), doubtful: false });
    try {
      const { profile } = await this.session.use(ask);
      // An account without the right to ask gets itself, whomever it asked for.
      return profile.username === username ? profile.accessGroups : [];
    } catch (error) {
      if (error instanceof ScicatFault && error.status === 404) return [];
      throw error;
    }
  }

  /** In the order of their pids. */
  datasets(proposalId: string, { skip, limit }: Page): Promise<ScicatDataset[]> {
    // Here it is `filter`. Texts are given in lists only: SciCat turns a bare one that looks like a date into a date.
    const where = { proposalIds: { inq: [proposalId] } };
    const filter = JSON.stringify({ where, fields: DATASET_FIELDS, limits: { limit, skip, order: 'pid:asc' } });
    return this.list(datasetRow, { path: 'api/v3/datasets', query: { filter } });
  }

  /**
   * Techniques of datasets, of one proposal or of some groups, in the order of their pids. To be asked right after something that
   * was not empty: that nothing comes is not doubted.
   */
  techniques(of: { proposalId: string } | { groups: readonly string[] }, page: Page): Promise<ScicatTechniques[]> {
    // SciCat puts an `or` of its own in place of ours for whoever is no administrator: hence the `and` around it.
    const where =
      'proposalId' in of
        ? { proposalIds: { inq: [of.proposalId] } }
        : { and: [{ or: [{ ownerGroup: { inq: of.groups } }, { accessGroups: { inq: of.groups } }] }] };
    const limits = { limit: page.limit, skip: page.skip, order: 'pid:asc' };
    const filter = JSON.stringify({ where, fields: TECHNIQUES_FIELDS, limits });
    const request = { path: 'api/v3/datasets', query: { filter } };
    return this.session.use(async (token) => ({
      value: await this.one(z.array(techniquesRow), request, token),
      doubtful: false,
    }));
  }

  instruments({ skip, limit }: Page): Promise<ScicatInstrument[]> {
    const filter = JSON.stringify({ limits: { limit, skip } });
    return this.list(instrumentRow, { path: 'api/v3/instruments', query: { filter } });
  }

  async createJob(api: 'v3' | 'v4', json: object): Promise<ScicatJob> {
    await this.session.confirm();
    const request = { method: 'POST', path: `api/${api}/jobs`, json } as const;
    return this.session.use(async (token) => ({ value: await this.one(jobRow, request, token), doubtful: false }));
  }

  /** Null: there is none with this id that we may see. */
  async job(api: 'v3' | 'v4', id: string): Promise<ScicatJob | null> {
    const request = { path: `api/${api}/jobs/${encodeURIComponent(id)}` };
    try {
      return await this.session.use(async (token) => ({
        value: await this.one(jobRow, request, token),
        doubtful: false,
      }));
    } catch (error) {
      if (error instanceof ScicatFault && [400, 403, 404].includes(error.status)) return null;
      throw error;
    }
  }

  /** Whether it and its database are up. */
  async health(): Promise<void> {
    const request = { path: 'api/v3/health' };
    const answer = await this.http.send(request);
    if (answer.status !== 200) throw faultOf(answer, this.http.name(request), []);
    parseAs(z.object({ status: z.literal('ok') }), parseJson(answer.text, this.http.name(request)), 'health');
  }

  private list<T>(row: z.ZodType<T>, request: HttpRequest): Promise<T[]> {
    return this.session.use(async (token) => {
      const value = await this.one(z.array(row), request, token);
      return { value, doubtful: value.length === 0 };
    });
  }

  private async one<T>(schema: z.ZodType<T>, request: HttpRequest, token: string): Promise<T> {
    const answer = await this.http.send({ ...request, bearer: token });
    const name = this.http.name(request);
    if (answer.status < 200 || answer.status >= 300) throw faultOf(answer, name, [token]);
    return parseAs(schema, parseJson(answer.text, name), name);
  }
}
