import { EntityNode, EntityStore, SCHEMA } from './entities';
import { IncludeTree, includeTree } from './include';
import { Condition, ParsedQuery, parseJpql } from './jpql-parse';
import { JpqlError, JpqlToken } from './jpql-tokens';

export interface RunOptions {
  /** Who asks: `:user`. */
  user: string;
  /** `nocase`: text is equal without case and trailing spaces, as many databases have it. */
  collation: 'exact' | 'nocase';
  /** Relations this version of the server does not have. */
  unknown: ReadonlySet<string>;
}

export interface Found {
  nodes: EntityNode[];
  include: IncludeTree;
}

type Row = Map<string, EntityNode>;

/** Runs a query. Nothing is made distinct by itself: each joined row gives its entity once more. */
export function runJpql(store: EntityStore, text: string, options: RunOptions): Found {
  const query = parseJpql(text);
  const type = SCHEMA[query.entity] ? query.entity : null;
  if (!type) throw new JpqlError(`${query.entity} is not an entity`);
  if (query.select !== query.alias) throw new JpqlError(`cannot select ${query.select}`);
  const include = includeTree(type, query.alias, query.include, options.unknown);
  let rows: Row[] = store.of(type).map((node) => new Map([[query.alias, node]]));
  for (const { path, alias } of query.joins) {
    rows = rows.flatMap((row) => targets(row, path).map((node) => new Map([...row, [alias, node]])));
  }
  rows = rows.filter((row) => query.where.every((condition) => holds(row, condition, options)));
  rows.sort((a, b) => compareRows(query, a, b));
  let nodes = rows.flatMap((row) => row.get(query.alias) ?? []);
  if (query.distinct) nodes = [...new Set(nodes)];
  if (query.limit) {
    const { offset, count } = query.limit;
    nodes = nodes.slice(offset, count === null ? undefined : offset + count);
  }
  return { nodes, include };
}

function targets(row: Row, path: string): EntityNode[] {
  const [alias = '', relation = '', ...rest] = path.split('.');
  const node = row.get(alias);
  if (!node || rest.length > 0) throw new JpqlError(`cannot join ${path}`);
  const { one = {}, many = {} } = SCHEMA[node.type] ?? {};
  if (relation in many) return node.many[relation] ?? [];
  if (relation in one) return node.one[relation] ? [node.one[relation]] : [];
  throw new JpqlError(`${relation} is not a field of ${node.type}`);
}

function valueOf(row: Row, path: string): string | number | Date | null {
  const [alias = '', ...steps] = path.split('.');
  const field = steps.pop() ?? '';
  let node = row.get(alias) ?? null;
  if (!node) throw new JpqlError(`${alias} is not defined`);
  for (const step of steps) {
    if (!(step in (SCHEMA[node.type]?.one ?? {}))) throw new JpqlError(`${step} is not a field of ${node.type}`);
    node = node.one[step] ?? null;
    if (!node) return null;
  }
  if (field === 'id') return node.id;
  const value = node.fields[field];
  return value === undefined || typeof value === 'boolean' ? null : value;
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
