import { GivenAnswer, SeenRequest } from '../../http/testing/test-server';
import { SessionStore } from './icat-sessions-store';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** BROKEN: a restore failed and was not reset. */
export type Whereabouts = 'ONLINE' | 'RESTORING' | 'ARCHIVED' | 'BROKEN';

/** The data server beside the test ICAT, at `/ids`. */
export class IdsTwin {
  twoLevel = true;
  readonly where = new Map<number, Whereabouts>();
  /** Datasets nobody may restore. */
  readonly forbidden = new Set<number>();

  constructor(private readonly sessions: SessionStore) {}

  /** What is on its way arrives. */
  finishRestores(): void {
    for (const [id, state] of this.where) if (state === 'RESTORING') this.where.set(id, 'ONLINE');
  }

  answer({ method, url, headers, body }: SeenRequest): GivenAnswer {
    // As seen of ids.server 2.1: what is offered as text alone is no 406 to whoever wants JSON alone, but a fault.
    if (method === 'GET' && !/text\/plain|\*\/\*/.test(headers.accept ?? '*/*')) {
      return fault(500, 'InternalException', 'class jakarta.ws.rs.NotAcceptableException HTTP 406 Not Acceptable');
    }
    const route = `${method} ${url.pathname.replace('/ids/', '')}`;
    if (route === 'GET ping') return text('IdsOK');
    if (route === 'GET isTwoLevel') return text(String(this.twoLevel));
    if (route === 'GET getStatus') return this.selected(url.searchParams, (ids) => this.status(ids));
    if (route === 'POST restore') return this.selected(new URLSearchParams(body), (ids) => this.restore(ids));
    return fault(404, 'NotFoundException', route);
  }

  private selected(params: URLSearchParams, act: (ids: number[]) => GivenAnswer): GivenAnswer {
    const session = params.get('sessionId');
    // Without a session it would answer with its reader's rights; nobody may come to rely on that.
    if (session === null) return text('ONLINE');
    if (!UUID.test(session)) {
      return fault(400, 'BadRequestException', `The sessionId parameter '${session}' is not a valid UUID`);
    }
    try {
      this.sessions.get(session);
    } catch (error) {
      return fault(403, 'InsufficientPrivilegesException', String(error));
    }
    const list = params.get('datasetIds') ?? '';
    if (!/^\d+(,\d+)*$/.test(list)) return fault(400, 'BadRequestException', `The datasetIds parameter: ${list}`);
    const ids = list.split(',').map(Number);
    const missing = ids.find((id) => !this.where.has(id));
    return missing === undefined ? act(ids) : fault(404, 'NotFoundException', `Dataset[id:${missing}] not found.`);
  }

  private status(ids: number[]): GivenAnswer {
    if (!this.twoLevel) return text('ONLINE');
    const states = ids.map((id) => this.where.get(id));
    if (states.includes('BROKEN')) return fault(500, 'InternalException', 'Restore failed');
    if (states.includes('ARCHIVED')) return text('ARCHIVED');
    return text(states.includes('RESTORING') ? 'RESTORING' : 'ONLINE');
  }

  private restore(ids: number[]): GivenAnswer {
    if (!this.twoLevel)
      return fault(501, 'NotImplementedException', 'This operation is unavailable for single level storage');
    if (ids.some((id) => this.forbidden.has(id))) return fault(403, 'InsufficientPrivilegesException', 'not permitted');
    for (const id of ids) if (this.where.get(id) === 'ARCHIVED') this.where.set(id, 'RESTORING');
    return { status: 204, text: '' };
  }
}

function text(value: string): GivenAnswer {
  return { status: 200, text: value, type: 'text/plain' };
}

function fault(status: number, code: string, message: string): GivenAnswer {
  // ids.server sends its errors as text in some of its versions.
  return { status, text: JSON.stringify({ code, message }), type: 'text/plain' };
}
