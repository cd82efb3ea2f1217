import { z } from 'zod';
import { CatalogueHttp, HttpRequest } from '../http/catalogue-http';
import { parseAs } from '../http/unavailable';
import { faultOf, IcatFault } from './icat-fault';

const status = z.enum(['ONLINE', 'RESTORING', 'ARCHIVED']);
export type IdsStatus = z.infer<typeof status>;
const flag = z.enum(['true', 'false']);

/**
 * The data server beside ICAT (ids.server). Always asked with a session: without one it answers with the rights of its own
 * reader. `isPrepared` is not used: it starts restores, and nothing here may that a person did not ask for.
 * @throws IcatFault for every answer that is an error; otherwise as `CatalogueHttp`
 */
export class IdsClient {
  constructor(private readonly http: CatalogueHttp) {}

  async ping(): Promise<void> {
    const text = await this.text({ path: 'ping' }, []);
    parseAs(z.literal('IdsOK'), text.trim(), 'GET ping');
  }

  /** False: everything is always online, and nothing can be restored. */
  async isTwoLevel(): Promise<boolean> {
    return parseAs(flag, (await this.text({ path: 'isTwoLevel' }, [])).trim(), 'GET isTwoLevel') === 'true';
  }

  /** ARCHIVED when any of them is and is not yet queued, else RESTORING when any is on its way, else ONLINE. */
  async status(session: string, datasetIds: readonly string[]): Promise<IdsStatus> {
    const query = { sessionId: session, datasetIds: datasetIds.join(',') };
    return parseAs(status, (await this.text({ path: 'getStatus', query }, [session])).trim(), 'GET getStatus');
  }

  async restore(session: string, datasetIds: readonly string[]): Promise<void> {
    const form = { sessionId: session, datasetIds: datasetIds.join(',') };
    await this.text({ method: 'POST', path: 'restore', form }, [session]);
  }

  private async text(request: HttpRequest, secrets: string[]): Promise<string> {
    const answer = await this.http.send(request);
    if (answer.status >= 200 && answer.status < 300) return answer.text;
    throw faultOf(answer, this.http.name(request), secrets);
  }
}

/** The archive itself broke down over these datasets, e.g. a restore that failed and was not reset. */
export function isBroken(error: unknown): error is IcatFault {
  return error instanceof IcatFault && error.status === 500 && error.code !== '';
}
