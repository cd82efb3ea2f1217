import type { ReportFault } from '@beamdesk/catalogue';
import { z } from 'zod';

const text = z.string().catch('');
const ids = (key: 'id' | 'name') =>
  z
    .array(
      z
        .object({ [key]: text })
        .catch({ [key]: '' })
        .transform((entry) => entry[key] ?? ''),
    )
    .catch([]);

/** What the references between sections need, whatever else is wrong with the file. */
const outline = z.object({
  beamlines: ids('id'),
  services: ids('id'),
  images: ids('id'),
  flavours: ids('id'),
  plans: z
    .array(
      z
        .object({ id: text, image: text, flavour: text, beamlines: z.array(text).catch([]) })
        .catch({ id: '', image: '', flavour: '', beamlines: [] }),
    )
    .catch([]),
  hosts: ids('name'),
});

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
const folders = z.object({ data: z.object({ roots: z.array(z.string()), path: z.string() }) });

/** Faults between fields of the site file: ids used twice, references to nothing, ranges that are none. */
export function checkSite(raw: unknown, report: ReportFault): void {
  const file = outline.safeParse(raw).data;
  if (file) {
    for (const section of ['beamlines', 'services', 'images', 'flavours'] as const) {
      once(file[section], (i) => [section, i, 'id'], report);
    }
    once(
      file.plans.map((p) => p.id),
      (i) => ['plans', i, 'id'],
      report,
    );
    once(file.hosts, (i) => ['hosts', i, 'name'], report);
    file.plans.forEach((plan, i) => {
      known(file.images, plan.image, ['plans', i, 'image'], 'images', report);
      known(file.flavours, plan.flavour, ['plans', i, 'flavour'], 'flavours', report);
      once(plan.beamlines, (j) => ['plans', i, 'beamlines', j], report);
      plan.beamlines.forEach((b, j) => known(file.beamlines, b, ['plans', i, 'beamlines', j], 'beamlines', report));
    });
  }
  ranges.safeParse(raw).data?.hosts.forEach((host, i) => {
    if (host && host.ports.from > host.ports.to) report(['hosts', i, 'ports'], 'from is above to');
  });
  const data = folders.safeParse(raw).data?.data;
  if (data && !data.roots.some((root) => data.path.startsWith(`${root.replace(/\/+$/, '')}/`))) {
    report(['data', 'path'], 'lies in none of the roots');
  }
}

function known(all: string[], value: string, path: PropertyKey[], where: string, report: ReportFault): void {
  if (value && !all.includes(value)) report(path, `'${value}' is not in ${where}`);
}

function once(values: string[], path: (index: number) => PropertyKey[], report: ReportFault): void {
  values.forEach((value, index) => {
    if (value && values.indexOf(value) < index) report(path(index), `'${value}' occurs twice`);
  });
}
