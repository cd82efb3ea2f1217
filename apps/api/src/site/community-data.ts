import type { ReportFault } from '@beamdesk/catalogue';
import { z } from 'zod';
import { isBelow } from './data-references';

const text = z.string().catch('');
const texts = z.array(text).catch([]);
const siteData = z.object({ data: z.object({ roots: texts, nfs: texts }).catch({ roots: [], nfs: [] }) });
const rule = z
  .object({
    path: text,
    nfs: z.object({ server: text }).catch({ server: '' }),
    // Whatever is neither one name nor a list of them names none, which is a fault.
    when: z
      .object({ beamline: z.union([z.string().transform((one) => [one]), z.array(text)]) })
      .catch({ beamline: [] }),
  })
  .catch({ path: '', nfs: { server: '' }, when: { beamline: [] } });
const outline = z.object({ data: z.object({ rules: z.array(rule) }) });

/** What the site file allows to anybody's data. */
export interface DataBounds {
  roots: string[];
  nfs: string[];
}

export function dataBounds(siteRaw: unknown): DataBounds {
  return siteData.safeParse(siteRaw).data?.data ?? { roots: [], nfs: [] };
}

/**
 * Faults of a community's data rules. They come before the site's, so each must keep to the community's own beamlines: it
 * could lead other people's proposals elsewhere otherwise.
 */
export function checkCommunityData(
  raw: unknown,
  bounds: DataBounds,
  isOwn: (beamline: string) => boolean,
  report: ReportFault,
): void {
  outline.safeParse(raw).data?.data.rules.forEach(({ path, nfs: { server }, when: { beamline } }, i) => {
    const at = (...rest: PropertyKey[]) => ['data', 'rules', i, ...rest];
    if (beamline.length === 0) report(at(), 'must name beamlines of the community: when: { beamline: … }');
    for (const id of beamline.filter((one) => one !== '' && !isOwn(one))) {
      report(at('when', 'beamline'), `'${id}' is not a beamline of this community`);
    }
    if (path && !bounds.roots.some((root) => isBelow(root, path)))
      report(at('path'), "lies in none of the site's roots");
    if (server && !bounds.nfs.includes(server))
      report(at('nfs', 'server'), `'${server}' is not in data.nfs of the site`);
  });
}
