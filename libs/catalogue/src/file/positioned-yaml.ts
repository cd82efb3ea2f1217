import { readFile } from 'node:fs/promises';
import { isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, type Document, type Node } from 'yaml';
import { z } from 'zod';

/** One fault of a file: where (1-based), in which field (`proposals[3].title`; '' = the whole file) and what. */
export interface YamlProblem {
  /** In a fault of several files: which; otherwise the one of the fault. */
  file?: string;
  line: number;
  column: number;
  field: string;
  message: string;
}

/** A configuration file is wrong. `message` lists every fault as `file:line:column: field: what`. */
export class YamlInvalid extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly YamlProblem[],
  ) {
    super(
      problems
        .map((p) => `${p.file ?? file}:${p.line}:${p.column}: ${p.field === '' ? '' : `${p.field}: `}${p.message}`)
        .join('\n'),
    );
    this.name = 'YamlInvalid';
  }

  /** The faults of several files as one. */
  static all(faults: readonly [YamlInvalid, ...YamlInvalid[]]): YamlInvalid {
    const [first] = faults;
    const problems = faults.flatMap(({ file, problems }) => problems.map((problem) => ({ file, ...problem })));
    return new YamlInvalid(first.file, problems);
  }
}

/** Says where a fault that only shows between fields lies; collected with those of the schema. */
export type ReportFault = (path: PropertyKey[], message: string) => void;

/** Where a field stands, for what names it from elsewhere: `file:line:column`. */
export type LocateField = (path: PropertyKey[]) => string;

const MAX_BYTES = 8 * 1024 * 1024;

/**
 * Reads a YAML file of people's making: syntax, schema and `check` (faults between fields, which gets the raw data and
 * must bear any shape) are all looked at, and all their faults thrown at once as `YamlInvalid`.
 */
export async function readYamlFile<T>(
  file: string,
  schema: z.ZodType<T>,
  check?: (raw: unknown, report: ReportFault, locate: LocateField) => void,
): Promise<T> {
  const bytes = await readFile(file);
  if (bytes.length > MAX_BYTES) {
    throw new YamlInvalid(file, [{ line: 1, column: 1, field: '', message: `larger than ${MAX_BYTES} bytes` }]);
  }
  return parseYaml(file, bytes.toString('utf8'), schema, check);
}

/** As `readYamlFile`, for a text at hand; `file` only names it in messages. */
export function parseYaml<T>(
  file: string,
  text: string,
  schema: z.ZodType<T>,
  check?: (raw: unknown, report: ReportFault, locate: LocateField) => void,
): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    throw new YamlInvalid(
      file,
      document.errors.map((error) => ({ ...at(error.pos[0]), field: '', message: error.message })),
    );
  }
  let raw: unknown;
  try {
    raw = document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new YamlInvalid(file, [{ line: 1, column: 1, field: '', message: String(error) }]);
  }
  const problems: YamlProblem[] = [];
  const report: ReportFault = (path, message) =>
    problems.push({ ...at(offsetOf(document, path)), field: fieldName(path), message });
  const result = schema.safeParse(raw);
  if (!result.success) {
    for (const issue of result.error.issues) {
      if (issue.code === 'unrecognized_keys') {
        for (const key of issue.keys) report([...issue.path, key], 'is not a known field');
      } else report(issue.path, plainWords(issue, raw));
    }
  }
  check?.(raw, report, (path) => {
    const { line, column } = at(offsetOf(document, path));
    return `${file}:${line}:${column}`;
  });
  if (problems.length > 0 || !result.success) {
    problems.sort((a, b) => a.line - b.line || a.column - b.column);
    throw new YamlInvalid(file, problems);
  }
  return result.data;
}

function plainWords(issue: z.core.$ZodIssue, raw: unknown): string {
  if (issue.code !== 'invalid_type') return issue.message;
  const value = valueAt(raw, issue.path);
  if (value === undefined) return 'is missing';
  if (issue.expected === 'string' && typeof value === 'number') return `must be text: write '${value}' in quotes`;
  return issue.message;
}

function valueAt(raw: unknown, path: PropertyKey[]): unknown {
  let value = raw;
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

function fieldName(path: PropertyKey[]): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i > 0 ? '.' : ''}${String(step)}`))
    .join('');
}

/** Offset of the value at `path`, of its key where the key is the fault, or of the nearest thing around it. */
function offsetOf(document: Document.Parsed, path: PropertyKey[]): number {
  let node: Node | null = document.contents;
  let offset = node?.range?.[0] ?? 0;
  for (const step of path) {
    if (isMap(node)) {
      const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === step);
      if (!pair) break;
      const key = isNode(pair.key) ? pair.key.range?.[0] : undefined;
      node = isNode(pair.value) ? pair.value : null;
      offset = node?.range?.[0] ?? key ?? offset;
      if (key !== undefined && !isScalar(node)) offset = key;
    } else if (isSeq(node)) {
      const item: unknown = node.items[Number(step)];
      if (!isNode(item)) break;
      node = item;
      offset = item.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
