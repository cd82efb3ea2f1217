export type Row = Record<string, unknown>;

/** The part of Mongo's conditions that is needed here: equality, `$in`, `$or`, `$and`. A field that is a list fits by any entry. */
export function fits(row: Row, where: unknown): boolean {
  return Object.entries((where ?? {}) as Row).every(([field, wanted]) => {
    if (field === '$or') return (wanted as unknown[]).some((one) => fits(row, one));
    if (field === '$and') return (wanted as unknown[]).every((one) => fits(row, one));
    if (field.startsWith('$')) throw new Error(`unknown top level operator: ${field}`);
    const values = Array.isArray(row[field]) ? (row[field] as unknown[]) : [row[field]];
    const allowed = isRecord(wanted) && '$in' in wanted ? (wanted['$in'] as unknown[]) : [wanted];
    return values.some((value) => allowed.includes(value));
  });
}

const OPERATORS: Record<string, string> = { inq: '$in', or: '$or', and: '$and', proposalId: 'proposalIds' };

/**
 * What SciCat makes of a dataset filter's `where` before Mongo sees it (common/pipes/filter.pipe.ts): operators by other names,
 * and every bare text that JavaScript takes for a date turned into one, which then equals no text.
 */
export function datasetWhere(where: unknown): unknown {
  if (Array.isArray(where)) return where.map((entry) => (isRecord(entry) ? datasetWhere(entry) : entry));
  if (!isRecord(where)) return where;
  return Object.fromEntries(
    Object.entries(where).map(([key, value]) => [OPERATORS[key] ?? key, dated(datasetWhere(value))]),
  );
}

function dated(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  const date = new Date(value);
  return Number.isNaN(date.getTime()) ? value : date;
}

export interface Limits {
  limit?: number;
  skip?: number;
  order?: string;
}

/** Defaults 100 and 0; `order` is "field:asc" or "field:desc". */
export function paged<T extends object>(rows: T[], { limit = 100, skip = 0, order = '' }: Limits = {}): T[] {
  const [field = '', direction] = order.split(':');
  const value = (row: T) => String((row as Row)[field] ?? '');
  const sign = direction === 'desc' ? -1 : 1;
  const sorted =
    field === '' ? [...rows] : rows.toSorted((a, b) => sign * (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0));
  return sorted.slice(skip, skip + limit);
}

function isRecord(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
