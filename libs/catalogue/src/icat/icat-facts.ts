import { IcatClient } from './icat-client';
import { IcatFault } from './icat-fault';

/** What this server is able to do. */
export interface ServerFacts {
  /** Null: it does not say. */
  version: string | null;
  /** Most entities of one answer, included ones counted. */
  maxEntities: number;
  /** Knows techniques of datasets; older ones answer 400 to a query that includes them. */
  techniques: boolean;
}

/** A server that was upgraded is noticed after so long. */
const BELIEVED_MS = 10 * 60_000;
/** Of a server that does not say. */
const CAUTIOUS_ENTITIES = 1000;
/** Technique and DatasetTechnique came with ICAT 5.0. */
const TECHNIQUES_SINCE = 5;

/** Asks a server once in a while what it is. */
export class IcatFacts {
  private known: { facts: ServerFacts; until: number } | null = null;

  constructor(
    private readonly client: IcatClient,
    private readonly now: () => number = Date.now,
  ) {}

  /** @throws CatalogueUnavailable where it does not answer at all */
  async get(): Promise<ServerFacts> {
    if (this.known && this.now() < this.known.until) return this.known.facts;
    const [version, properties] = await Promise.all([
      this.client.version().catch(unknownRoute),
      this.client.properties().catch(unknownRoute),
    ]);
    const facts = {
      version,
      maxEntities: properties?.maxEntities ?? CAUTIOUS_ENTITIES,
      techniques: version !== null && Number.parseInt(version, 10) >= TECHNIQUES_SINCE,
    };
    this.known = { facts, until: this.now() + BELIEVED_MS };
    return facts;
  }
}

/** Old servers do not know every route: 501 in ICAT, 404 of what stands before it. */
function unknownRoute(error: unknown): null {
  if (error instanceof IcatFault && (error.status === 404 || error.status === 501)) return null;
  throw error;
}
