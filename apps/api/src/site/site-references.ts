import type { LocateField, ReportFault } from '@beamdesk/catalogue';
import { z } from 'zod';
import { checkData } from './data-references';
import { termKey } from '../plans/techniques';

const text = z.string().catch('');
const texts = z.array(text).catch([]);
const NOTHING = { id: '', name: '', image: '', flavour: '', beamlines: [], techniques: [], terms: [] };
const entries = z
  .array(
    z
      .object({
        id: text,
        name: text,
        image: text,
        flavour: text,
        beamlines: texts,
        techniques: texts,
        terms: texts,
      })
      .catch(NOTHING),
  )
  .catch([]);

/** Sections whose ids plans and beamlines refer to, or that must be unique over all files. */
const SECTIONS = ['techniques', 'beamlines', 'images', 'flavours', 'plans'] as const;
type Section = (typeof SECTIONS)[number];

/** What the references between sections need, whatever else is wrong with the file. */
const outline = z.object({
  techniques: entries,
  beamlines: entries,
  images: entries,
  flavours: entries,
  plans: entries,
});
const siteOnly = z.object({ services: entries, hosts: entries });
const ranges = z.object({
  hosts: z
    .array(
      z
        .object({ ports: z.object({ from: z.number(), to: z.number() }) })
        .nullable()
        .catch(null),
    )
    .catch([]),
});

/** What one file declares: each id, and each key of a technique's terms, with its place (`file:line:column`). */
export type Declared = Record<Section | 'terms', Map<string, string>>;

export interface SectionsCheck {
  raw: unknown;
  report: ReportFault;
  locate: LocateField;
  /** Files whose ids must not occur again. */
  taken?: readonly Declared[];
  /** Files whose ids may be referred to beside the file's own. */
  visible?: readonly Declared[];
}

/** Faults between fields of sections that communities have too: ids used twice, references to nothing. */
export function checkSections({ raw, report, locate, taken = [], visible = [] }: SectionsCheck): Declared {
  const own: Declared = {
    techniques: new Map(),
    beamlines: new Map(),
    images: new Map(),
    flavours: new Map(),
    plans: new Map(),
    terms: new Map(),
  };
  const file = outline.safeParse(raw).data;
  if (!file) return own;
  const declare = (kind: keyof Declared, key: string, path: PropertyKey[], shown: string) => {
    if (!key) return;
    const elsewhere = taken.flatMap((other) => other[kind].get(key) ?? []);
    if (own[kind].has(key)) report(path, `'${shown}' occurs twice`);
    else if (elsewhere.length > 0) report(path, `'${shown}' occurs at ${elsewhere.join(' and ')} too`);
    else own[kind].set(key, locate(path));
  };
  for (const section of SECTIONS) {
    file[section].forEach(({ id }, i) => declare(section, id, [section, i, 'id'], id));
  }
  file.techniques.forEach(({ id, name, terms }, i) => {
    const idAt = ['techniques', i, 'id'];
    // An id that occurs twice is told as that already.
    const first = own.techniques.get(id) === locate(idAt);
    const words: [string, PropertyKey[]][] = [
      ...(first ? [[id, idAt] satisfies [string, PropertyKey[]]] : []),
      [name, ['techniques', i, 'name']],
      ...terms.map((term, j): [string, PropertyKey[]] => [term, ['techniques', i, 'terms', j]]),
    ];
    // One word may be id, name and term of the same technique.
    const said = new Map([...words].reverse().map(([word, path]) => [termKey(word), { word, path }]));
    if (!first) said.delete(termKey(id));
    said.forEach(({ word, path }, key) => declare('terms', key, path, word));
  });
  const known = (section: Section, id: string, path: PropertyKey[]) => {
    if (id && ![own, ...visible].some((one) => one[section].has(id))) report(path, `'${id}' is not in ${section}`);
  };
  file.beamlines.forEach(({ techniques }, i) => {
    list(techniques, ['beamlines', i, 'techniques'], report);
    techniques.forEach((id, j) => known('techniques', id, ['beamlines', i, 'techniques', j]));
  });
  file.plans.forEach(({ image, flavour, beamlines, techniques }, i) => {
    known('images', image, ['plans', i, 'image']);
    known('flavours', flavour, ['plans', i, 'flavour']);
    list(beamlines, ['plans', i, 'beamlines'], report);
    beamlines.forEach((id, j) => known('beamlines', id, ['plans', i, 'beamlines', j]));
    list(techniques, ['plans', i, 'techniques'], report);
    techniques.forEach((id, j) => known('techniques', id, ['plans', i, 'techniques', j]));
  });
  return own;
}

/** Faults between fields that only the site file has: hosts, services, and where the data lie. */
export function checkSite(raw: unknown, report: ReportFault): void {
  const file = siteOnly.safeParse(raw).data;
  once(file?.services.map(({ id }) => id) ?? [], (i) => ['services', i, 'id'], report);
  once(file?.hosts.map(({ name }) => name) ?? [], (i) => ['hosts', i, 'name'], report);
  ranges.safeParse(raw).data?.hosts.forEach((host, i) => {
    if (host && host.ports.from > host.ports.to) report(['hosts', i, 'ports'], 'from is above to');
  });
  checkData(raw, report);
}

function list(values: string[], path: PropertyKey[], report: ReportFault): void {
  once(values, (i) => [...path, i], report);
}

function once(values: string[], path: (index: number) => PropertyKey[], report: ReportFault): void {
  values.forEach((value, index) => {
    if (value && values.indexOf(value) < index) report(path(index), `'${value}' occurs twice`);
  });
}
