import { z } from 'zod';
import { ReportFault } from './positioned-yaml';

const line = z.string().trim().min(1).max(300);
const id = z.string().regex(/^[A-Za-z0-9._-]{1,64}$/, 'must be 1 to 64 of A-Z a-z 0-9 . _ -');
/** A day or a moment, ISO 8601; a day means its midnight in UTC. */
const moment = z
  .union(
    [z.iso.date(), z.iso.datetime({ offset: true })],
    'must be a date (2026-03-14) or a moment (2026-03-14T08:00:00Z)',
  )
  .transform((text) => new Date(text));

const visit = z.strictObject({
  id,
  beamline: id,
  start: moment.nullish(),
  end: moment.nullish(),
  /** Accounts of the beamline scientists who look after it; they see the proposal too. */
  localContacts: z.array(id).default([]),
});

const dataset = z.strictObject({
  id,
  name: line,
  /** Where its files lie, relative to the proposal's folder; for people who read the file. */
  folder: line.nullish(),
  createdAt: moment.nullish(),
  sizeBytes: z.int().nonnegative().nullish(),
  fileCount: z.int().nonnegative().nullish(),
  sample: line.nullish(),
  technique: line.nullish(),
  /** Only in the archive: nothing reads it before somebody asked for a restore. */
  archived: z.boolean().default(false),
});

const proposal = z.strictObject({
  name: z.string().trim().min(1).max(100),
  title: line,
  abstract: z.string().trim().max(10_000),
  visits: z.array(visit).default([]),
  team: z.array(z.strictObject({ account: id, roles: z.array(line).min(1) })).min(1),
  datasets: z.array(dataset).default([]),
});

/** The whole of a `FileCatalogue`'s file. */
export const catalogueFile = z.strictObject({
  /** Id of the catalogue in proposal keys and catalogue accounts. */
  catalogue: id,
  facility: z.string().trim().min(1).max(50),
  beamlines: z.array(z.strictObject({ id, name: line, technique: line })).min(1),
  people: z.array(z.strictObject({ account: id, name: line, affiliation: line.nullish() })).min(1),
  proposals: z.array(proposal),
});
export type CatalogueFile = z.infer<typeof catalogueFile>;

const text = z.string().catch('');
const names = <K extends string>(key: K) => z.array(z.object({ [key]: text }).catch({ [key]: '' })).catch([]);
/** What the references between the sections need, whatever else is wrong with the file. */
const outline = z.object({
  beamlines: names('id'),
  people: names('account'),
  proposals: z
    .array(
      z
        .object({
          name: text,
          visits: z
            .array(
              z
                .object({ id: text, beamline: text, localContacts: z.array(text).catch([]) })
                .catch({ id: '', beamline: '', localContacts: [] }),
            )
            .catch([]),
          team: names('account'),
          datasets: names('id'),
        })
        .catch({ name: '', visits: [], team: [], datasets: [] }),
    )
    .catch([]),
});

/** Faults between fields: names used twice, and references to nothing. An empty name is the schema's to report. */
export function checkReferences(raw: unknown, report: ReportFault): void {
  const file = outline.safeParse(raw).data;
  if (!file) return;
  const beamlines = new Set(file.beamlines.map((b) => b.id));
  const people = new Set(file.people.map((p) => p.account));
  const known = (set: Set<string | undefined>, value: string | undefined, path: PropertyKey[], where: string) => {
    if (value && !set.has(value)) report(path, `'${value}' is not in ${where}`);
  };
  once(
    file.beamlines.map((b) => b.id),
    (i) => ['beamlines', i, 'id'],
    report,
  );
  once(
    file.people.map((p) => p.account),
    (i) => ['people', i, 'account'],
    report,
  );
  once(
    file.proposals.map((p) => p.name),
    (i) => ['proposals', i, 'name'],
    report,
  );
  sharedFolders(
    file.proposals.map((p) => p.name ?? ''),
    report,
  );
  file.proposals.forEach((p, i) => {
    const at = (...rest: PropertyKey[]) => ['proposals', i, ...rest];
    once(
      p.visits.map((v) => v.id),
      (j) => at('visits', j, 'id'),
      report,
    );
    once(
      p.team.map((m) => m.account),
      (j) => at('team', j, 'account'),
      report,
    );
    once(
      p.datasets.map((d) => d.id),
      (j) => at('datasets', j, 'id'),
      report,
    );
    p.team.forEach((m, j) => known(people, m.account, at('team', j, 'account'), 'people'));
    p.visits.forEach((v, j) => {
      known(beamlines, v.beamline, at('visits', j, 'beamline'), 'beamlines');
      v.localContacts.forEach((c, k) => known(people, c, at('visits', j, 'localContacts', k), 'people'));
    });
  });
}

/** Where data folders are named after proposals `/` becomes `_`: nobody may get at data through a name that looks alike. */
function sharedFolders(names: string[], report: ReportFault): void {
  const folders = names.map((name) => name.replaceAll('/', '_'));
  folders.forEach((folder, i) => {
    const first = folders.indexOf(folder);
    if (folder && first < i && names[first] !== names[i]) {
      report(['proposals', i, 'name'], `'${names[i]}' would share the data folder of '${names[first]}'`);
    }
  });
}

function once(values: (string | undefined)[], path: (index: number) => PropertyKey[], report: ReportFault): void {
  const seen = new Set<string>();
  values.forEach((value, index) => {
    if (!value) return;
    if (seen.has(value)) report(path(index), `'${value}' occurs twice`);
    seen.add(value);
  });
}
