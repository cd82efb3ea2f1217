import type { ReportFault } from '@beamdesk/catalogue';
import { z } from 'zod';

const text = z.string().catch('');
const rule = z
  .object({
    path: text,
    nfs: z.object({ server: text }).catch({ server: '' }),
    when: z.record(z.string(), z.unknown()).catch({}),
  })
  .catch({ path: '', nfs: { server: '' }, when: {} });
const place = z.object({ root: text }).catch({ root: '' });
const outline = z.object({
  data: z.object({
    roots: z.array(text).catch([]),
    path: text,
    nfs: z.array(text).catch([]),
    rules: z.array(rule).catch([]),
    scratch: place,
    home: place,
  }),
});

/** Faults between the fields of `data`: paths outside the roots, servers not allowed, rules that never count, folders in one another. */
export function checkData(raw: unknown, report: ReportFault): void {
  const data = outline.safeParse(raw).data?.data;
  if (!data) return;
  const inRoot = (path: string, where: PropertyKey[]) => {
    if (path && !data.roots.some((root) => isBelow(root, path))) report(where, 'lies in none of the roots');
  };
  inRoot(data.path, ['data', 'path']);
  const forAll = data.rules.findIndex(({ when }) => Object.keys(when).length === 0);
  data.rules.forEach(({ path, nfs: { server } }, i) => {
    const at = ['data', 'rules', i];
    inRoot(path, [...at, 'path']);
    if (server && !data.nfs.includes(server)) report([...at, 'nfs', 'server'], `'${server}' is not in data.nfs`);
    if (forAll >= 0 && i > forAll) report(at, `never counts: rule ${forAll + 1} is for all proposals`);
  });
  const { scratch, home } = data;
  for (const other of home.root ? [...data.roots, scratch.root] : []) {
    if (other === '' || !(isBelow(other, home.root) || isBelow(home.root, other) || trim(other) === trim(home.root)))
      continue;
    report(['data', 'home', 'root'], `must lie apart from ${other}: nobody's home may be shown as something else`);
  }
}

const trim = (path: string) => path.replace(/\/+$/, '');
export const isBelow = (root: string, path: string) => path.startsWith(`${trim(root)}/`);
