import { IcatClient } from './icat-client';
import { IcatFault, isFault } from './icat-fault';

/** What questions are asked with. */
export interface IcatSession {
  /** Does something with the session's id. */
  use<T>(work: (id: string) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

/** Whether a question failed because its session is over. The data server says 403 to that as it does to a forbidden dataset. */
export async function isGone(client: IcatClient, id: string, error: unknown): Promise<boolean> {
  if (isFault(error, 'SESSION')) return true;
  if (!(error instanceof IcatFault) || error.status !== 403 || error.code === 'INSUFFICIENT_PRIVILEGES') return false;
  try {
    await client.session(id);
    return false;
  } catch (fault) {
    return isFault(fault, 'SESSION');
  }
}
