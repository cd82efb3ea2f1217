import { EntityNode, EntityStore, SCHEMA } from './entities';
import { CREATED_BY, IncludeTree, includeTree } from './include';
import { Condition, ParsedQuery, parseJpql } from './jpql-parse';
import { JpqlError, JpqlToken } from './jpql-tokens';

export interface RunOptions {
  /** Who asks: `:user`. */
  user: string;
  /** `nocase`: text is equal without case and trailing spaces, as many databases have it. */
  collation: 'exact' | 'nocase';
  /** Relations this version of the server does not have. */
  unknown: ReadonlySet<string>;
  /** By the caller. Counts for what is selected only, as in icat.server's FromClause: what is joined is not looked at. */
  readable(node: EntityNode): boolean;
}

type Value = string | number | boolean | Date | null;

/** Entities, or the values of several selected paths. */
export type Found = { nodes: EntityNode[]; include: IncludeTree } | { tuples: Value[][] };

type Row = Map<string, EntityNode>;

/** Runs a query. Nothing is made distinct by itself: each joined row gives its entity once more. */
export function runJpql(store: EntityStore, text: string, options: RunOptions): Found {
  const query = parseJpql(text);
  const type = SCHEMA[query.entity] ? query.entity : null;
  if (!type) throw new JpqlError(`${query.entity} is not an entity`);
  const include = includeTree(type, query.alias, query.include, options.unknown);
  let rows: Row[] = store.of(type).map((node) => new Map([[query.alias, node]]));
  for (const { path, alias } of query.joins) {
    rows = rows.flatMap((row) => targets(row, path, options.unknown).map((node) => new Map([...row, [alias, node]])));
  }
  rows = rows.filter((row) => query.where.every((condition) => holds(row, condition, options)));
  rows.sort((a, b) => compareRows(query, a, b));
  const selected = query.select.map((path) => path.split('.')[0] ?? '');
  rows = rows.filter((row) => selected.every((alias) => options.readable(nodeOf(row, alias))));
  if (query.select.length > 1) {
    if (query.include.length > 0) throw new JpqlError('INCLUDE is only valid for one quantity in the SELECT clause');
    const tuples = rows.map((row) => query.select.map((path) => valueOf(row, path)));
    return { tuples: paged(query, query.distinct ? distinct(tuples, JSON.stringify) : tuples) };
  }
  if (query.select[0] !== query.alias) throw new JpqlError(`cannot select ${query.select[0]}`);
  const nodes = rows.map((row) => nodeOf(row, query.alias));
  return { nodes: paged(query, query.distinct ? distinct(nodes, ({ id }) => String(id)) : nodes), include };
}

function distinct<T>(all: T[], key: (one: T) => string): T[] {
  return [...new Map(all.map((one) => [key(one), one])).values()];
}

function paged<T>({ limit }: ParsedQuery, all: T[]): T[] {
  if (!limit) return all;
  return all.slice(limit.offset, limit.count === null ? undefined : limit.offset + limit.count);
}

function nodeOf(row: Row, alias: string): EntityNode {
  const node = row.get(alias);
  if (!node) throw new JpqlError(`${alias} is not defined`);
  return node;
}

function targets(row: Row, path: string, unknown: ReadonlySet<string>): EntityNode[] {
  const [alias = '', relation = '', ...rest] = path.split('.');
  const node = row.get(alias);
  if (!node || rest.length > 0) throw new JpqlError(`cannot join ${path}`);
  const { one = {}, many = {} } = SCHEMA[node.type] ?? {};
  if (unknown.has(relation)) throw new JpqlError(`${node.type} has no relationship field ${relation}`);
  if (relation in many) return node.many[relation] ?? [];
  if (relation in one) return node.one[relation] ? [node.one[relation]] : [];
  throw new JpqlError(`${relation} is not a field of ${node.type}`);
}

function valueOf(row: Row, path: string): Value {
  const [alias = '', ...steps] = path.split('.');
  const field = steps.pop() ?? '';
  let node: EntityNode | null = nodeOf(row, alias);
  for (const step of steps) {
    if (!(step in (SCHEMA[node.type]?.one ?? {}))) throw new JpqlError(`${step} is not a field of ${node.type}`);
    node = node.one[step] ?? null;
    if (!node) return null;
  }
  if (field === 'id') return node.id;
  if (field === 'createId') return CREATED_BY;
  return node.fields[field] ?? null;
}

function holds(row: Row, { path, values }: Condition, options: RunOptions): boolean {
  const actual = valueOf(row, path);
  return values.some((value) => equal(actual, literal(value, options), options));
}

function literal({ type, value }: JpqlToken, options: RunOptions): string | number {
  if (type === 'integer') return Number(value);
  if (type !== 'parameter') return value;
  if (value === ':user') return options.user;
  throw new JpqlError(`Parameter ${value} is not known`);
}

function equal(actual: unknown, wanted: string | number, { collation }: RunOptions): boolean {
  if (collation === 'exact' || typeof actual !== 'string' || typeof wanted !== 'string') return actual === wanted;
  return actual.trimEnd().toLowerCase() === wanted.trimEnd().toLowerCase();
}

function compareRows({ order }: ParsedQuery, a: Row, b: Row): number {
  for (const { path, descending } of order) {
    const [x, y] = [valueOf(a, path), valueOf(b, path)].map((value) =>
      value instanceof Date ? value.getTime() : value,
    );
    if (x === y || x === undefined || y === undefined) continue;
    const less = x === null || (y !== null && x < y);
    return less === descending ? 1 : -1;
  }
  return 0;
}
