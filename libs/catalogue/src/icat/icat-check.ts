import { CatalogueCheck } from '../catalogue';
import { CatalogueUnavailable } from '../errors';
import { IcatClient } from './icat-client';
import { IcatFacts } from './icat-facts';
import { IcatSessions } from './icat-sessions';
import { InvestigationTechniques } from './investigation-techniques';
import { IdsClient } from './ids-client';

/** Version, our own sign-in, and the data server; never throws what only says that one of them is not well. */
export async function checkIcat(
  facts: IcatFacts,
  client: IcatClient,
  sessions: IcatSessions,
  ids: IdsClient | null,
  techniques: InvestigationTechniques,
): Promise<CatalogueCheck> {
  const notes: string[] = [];
  let version: string | null = null;
  let error: CatalogueUnavailable | null = null;
  try {
    const known = await facts.get();
    version = known.version;
    notes.push(`at most ${known.maxEntities} entities in one answer`);
    if (version === null) notes.push('says no version: is that its address, up to /icat?');
    else if (!known.techniques) notes.push('does not know techniques of datasets (they came with 5.0)');
    const session = await sessions.of(null)?.use((id) => client.session(id));
    notes.push(session ? `signed in as ${session.userName}` : 'each person signs in with a session of their own');
    const fault = known.techniques ? await sessions.of(null)?.use((id) => techniques.fault(id)) : null;
    if (fault) notes.push(`proposals come without techniques: ${fault.reason}: ${fault.detail}`);
  } catch (fault) {
    if (!(fault instanceof CatalogueUnavailable)) throw fault;
    error = fault;
  }
  notes.push(ids ? await dataServer(ids) : 'no data server: where datasets are is not known');
  return { product: 'ICAT', version, error, notes };
}

async function dataServer(ids: IdsClient): Promise<string> {
  try {
    await ids.ping();
    return (await ids.isTwoLevel()) ? 'data server: with an archive' : 'data server: everything is online';
  } catch (fault) {
    if (!(fault instanceof CatalogueUnavailable)) throw fault;
    return `data server: ${fault.reason}: ${fault.detail}`;
  }
}
