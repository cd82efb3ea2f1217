import { EntityNode, Relations, SCHEMA } from './entities';
import { IncludeStep } from './jpql-parse';
import { JpqlError } from './jpql-tokens';

/** Of every entity. */
export const CREATED_BY = 'db/notroot';

/** Which relations come along, and theirs. */
export type IncludeTree = Map<string, IncludeTree>;

/** As icat.server's IncludeClause: variables name places, and no relation may be reached twice from the same place. */
export function includeTree(
  type: string,
  alias: string,
  steps: IncludeStep[],
  unknown: ReadonlySet<string>,
): IncludeTree {
  const root: IncludeTree = new Map();
  const places = new Map([[alias.toUpperCase(), { type, tree: root }]]);
  for (const { path, as } of steps) {
    const [start = '', ...fields] = path.split('.');
    let place = places.get(start.toUpperCase());
    if (fields.length === 0) throw new JpqlError(`Path ${path} must contain a '.'`);
    if (!place) throw new JpqlError(`variable ${start.toUpperCase()} mentioned in INCLUDE clause is not defined`);
    for (const field of fields) {
      const relations: Partial<Relations> = SCHEMA[place.type] ?? {};
      const target: string | undefined = unknown.has(field)
        ? undefined
        : (relations.one?.[field] ?? relations.many?.[field]);
      if (!target) throw new JpqlError(`Problem with INCLUDE clause: ${field} is not a field of ${place.type}`);
      if (place.tree.has(field)) throw new JpqlError(`INCLUDE clause contains redundant path to ${field}`);
      const tree: IncludeTree = new Map();
      place.tree.set(field, tree);
      place = { type: target, tree };
    }
    if (as !== null) places.set(as.toUpperCase(), place);
  }
  return root;
}

export interface Writer {
  /** What the caller may not read is dropped without a word. */
  readable(node: EntityNode): boolean;
  date(date: Date): string;
  /** Called for each entity written. */
  count(): void;
}

/** An entity as ICAT writes it: null fields left out, a to-one that was not included absent, a to-many `[]`. */
export function entityJson(node: EntityNode, tree: IncludeTree, writer: Writer): Record<string, unknown> {
  writer.count();
  const stamp = writer.date(new Date('2019-03-11T15:58:33Z'));
  const json: Record<string, unknown> = {
    id: node.id,
    createId: CREATED_BY,
    createTime: stamp,
    modId: CREATED_BY,
    modTime: stamp,
  };
  for (const [name, value] of Object.entries(node.fields)) {
    if (value !== null) json[name] = value instanceof Date ? writer.date(value) : value;
  }
  for (const [name, target] of Object.entries(node.one)) {
    const below = tree.get(name);
    if (below && target && writer.readable(target)) json[name] = entityJson(target, below, writer);
  }
  for (const [name, targets] of Object.entries(node.many)) {
    const below = tree.get(name);
    json[name] = below
      ? targets.filter((target) => writer.readable(target)).map((target) => entityJson(target, below, writer))
      : [];
  }
  return json;
}

/** `yyyy-MM-dd'T'HH:mm:ss.SSSXXX` in the server's zone. */
export function icatDate(date: Date, zoneMinutes: number): string {
  const local = new Date(date.getTime() + zoneMinutes * 60_000).toISOString().slice(0, -1);
  if (zoneMinutes === 0) return `${local}Z`;
  const two = (n: number) => String(Math.floor(n)).padStart(2, '0');
  const size = Math.abs(zoneMinutes);
  return `${local}${zoneMinutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}
