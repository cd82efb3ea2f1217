import { IcatMembership } from './icat-settings';

/**
 * A JPQL string literal. ICAT has no bind parameters, so that every literal goes through here; its tokenizer knows one
 * escape, the doubled quote (icat.server, core/parser/Tokenizer.java), and ends the query at a NUL.
 * @throws RangeError for a text that holds NUL
 */
export function quote(text: string): string {
  if (text.includes('\0')) throw new RangeError('a JPQL literal cannot hold NUL');
  return `'${text.replaceAll("'", "''")}'`;
}

/** How a person is joined to an investigation `i`, as `u`. */
const JOINS: Record<IcatMembership, string> = {
  users: 'JOIN i.investigationUsers iu JOIN iu.user u',
  groups: 'JOIN i.investigationGroups ig JOIN ig.grouping g JOIN g.userGroups ug JOIN ug.user u',
  scientists: 'JOIN i.investigationInstruments ii JOIN ii.instrument n JOIN n.instrumentScientists s JOIN s.user u',
};

const INCLUDES: Record<IcatMembership, string> = {
  users: 'i.investigationUsers.user',
  groups: 'i.investigationGroups.grouping.userGroups.user',
  scientists: 'inst.instrumentScientists.user',
};

export interface MineQuery {
  /** User name, or null for the session's own (`:user`). */
  user: string | null;
  membership: IcatMembership;
  /** Of which the team is to be told. */
  include: IcatMembership[];
  only?: { facility: string; name: string };
}

/**
 * Investigations somebody belongs to by one kind of membership. Joining lists doubles rows, hence DISTINCT; ordered by a
 * unique key, so that pages neither overlap nor leave gaps. A path may be included once only, hence the variable `inst`.
 */
export function investigationsOf({ include, ...mine }: MineQuery): string {
  const paths = [
    'i.facility',
    'i.investigationInstruments.instrument AS inst',
    ...include.map((kind) => INCLUDES[kind]),
  ];
  return (
    `SELECT DISTINCT i FROM Investigation i ${JOINS[mine.membership]} WHERE ${isMine(mine)} ` +
    `ORDER BY i.id INCLUDE ${paths.join(', ')}`
  );
}

/**
 * Techniques of the datasets of the same investigations: id, name, pid, and two values that nobody looks at. ICAT applies its
 * rules to what stands behind SELECT and to nothing that is only joined (icat.server, core/parser/FromClause.java): without a
 * value of the dataset and of its link, techniques of datasets that the asking account may not read would come too. These two
 * have few values, so that a technique stays about one row however many datasets have it.
 */
export function techniquesOf(mine: Omit<MineQuery, 'include'>): string {
  return (
    `SELECT DISTINCT i.id, t.name, t.pid, ds.complete, dt.createId FROM Investigation i ${JOINS[mine.membership]} ` +
    `JOIN i.datasets ds JOIN ds.datasetTechniques dt JOIN dt.technique t WHERE ${isMine(mine)} ` +
    'ORDER BY i.id, t.name, ds.complete, dt.createId'
  );
}

function isMine({ user, only }: Omit<MineQuery, 'include'>): string {
  const where = [`u.name = ${user === null ? ':user' : quote(user)}`];
  if (only) where.push(`i.name = ${quote(only.name)}`, `i.facility.name = ${quote(only.facility)}`);
  return where.join(' AND ');
}

export interface DatasetsQuery {
  investigations: number[];
  /** Only these; undefined: all. */
  ids?: string[];
  /** Techniques are known to the server. */
  techniques: boolean;
}

/** @param query `ids` are digits */
export function datasetsOf({ investigations, ids, techniques }: DatasetsQuery): string {
  const among = ids ? ` AND ds.id IN (${ids.join(', ')})` : '';
  const paths = ['ds.sample', ...(techniques ? ['ds.datasetTechniques.technique'] : [])];
  return (
    `SELECT ds FROM Dataset ds WHERE ds.investigation.id IN (${investigations.join(', ')})${among} ` +
    `ORDER BY ds.startDate, ds.id INCLUDE ${paths.join(', ')}`
  );
}

export function limited(query: string, offset: number, count: number): string {
  return `${query} LIMIT ${offset}, ${count}`;
}
