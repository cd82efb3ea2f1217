import { JpqlError, JpqlToken, jpqlTokens } from './jpql-tokens';

export interface Condition {
  path: string;
  /** Any of them; `:user` stays a parameter. */
  values: JpqlToken[];
}

export interface IncludeStep {
  path: string;
  as: string | null;
}

export interface ParsedQuery {
  distinct: boolean;
  select: string[];
  entity: string;
  alias: string;
  joins: { path: string; alias: string }[];
  where: Condition[];
  order: { path: string; descending: boolean }[];
  include: IncludeStep[];
  limit: { offset: number; count: number | null } | null;
}

/** The part of ICAT's JPQL that is needed here: joins, conditions joined by AND, ORDER BY, INCLUDE and LIMIT in either order. */
export function parseJpql(query: string): ParsedQuery {
  const input = new Input(jpqlTokens(query));
  input.keyword('SELECT');
  const distinct = input.takes('DISTINCT');
  const select: string[] = [];
  do select.push(input.name());
  while (input.takes(','));
  input.keyword('FROM');
  const entity = input.name();
  const alias = input.name();
  const joins = [];
  while (input.takes('JOIN')) joins.push({ path: input.name(), alias: input.name() });
  const where: Condition[] = [];
  if (input.takes('WHERE'))
    do where.push(condition(input));
    while (input.takes('AND'));
  const order = [];
  if (input.takes('ORDER')) {
    input.keyword('BY');
    do order.push({ path: input.name(), descending: direction(input) });
    while (input.takes(','));
  }
  let include: IncludeStep[] | null = null;
  let limit: ParsedQuery['limit'] = null;
  while (!input.ended) {
    if (!include && input.takes('INCLUDE')) include = includes(input);
    else if (!limit && input.takes('LIMIT')) limit = limits(input);
    else throw new JpqlError(`Unexpected '${input.peek()?.value}'`);
  }
  return { distinct, select, entity, alias, joins, where, order, include: include ?? [], limit };
}

function condition(input: Input): Condition {
  const path = input.name();
  if (input.takes('=')) return { path, values: [input.value()] };
  input.keyword('IN');
  input.keyword('(');
  const values = [];
  do values.push(input.value());
  while (input.takes(','));
  input.keyword(')');
  return { path, values };
}

function direction(input: Input): boolean {
  return input.takes('DESC') || (input.takes('ASC') && false);
}

function includes(input: Input): IncludeStep[] {
  const steps = [];
  do {
    const path = input.name();
    const named = input.takes('AS') || input.peek()?.type === 'name';
    steps.push({ path, as: named ? input.name() : null });
  } while (input.takes(','));
  return steps;
}

function limits(input: Input): { offset: number; count: number | null } {
  const offset = Number(input.value().value);
  input.keyword(',');
  if (input.takes('*')) return { offset, count: null };
  return { offset, count: Number(input.value().value) };
}

class Input {
  private at = 0;

  constructor(private readonly tokens: JpqlToken[]) {}

  get ended(): boolean {
    return this.at >= this.tokens.length;
  }

  peek(): JpqlToken | undefined {
    return this.tokens[this.at];
  }

  takes(value: string): boolean {
    const token = this.peek();
    const found = (token?.type === 'keyword' || token?.type === 'sign') && token.value === value;
    if (found) this.at++;
    return found;
  }

  keyword(value: string): void {
    if (!this.takes(value)) throw new JpqlError(`Expected ${value}, found '${this.peek()?.value ?? 'the end'}'`);
  }

  name(): string {
    const token = this.tokens[this.at++];
    if (token?.type !== 'name') throw new JpqlError(`Expected a NAME, found '${token?.value ?? 'the end'}'`);
    return token.value;
  }

  value(): JpqlToken {
    const token = this.tokens[this.at++];
    if (!token || !['string', 'integer', 'parameter', 'timestamp'].includes(token.type)) {
      throw new JpqlError(`Expected a value, found '${token?.value ?? 'the end'}'`);
    }
    return token;
  }
}
