import type { TemplateSpec } from '@beamdesk/hypervisor';
import type { SiteData } from './site-data';

export type ShareList = Pick<TemplateSpec, 'shares' | 'nfs'>;

/** The shares of every launch, one list for each way in which data are mounted here: templates are made with the same, in the same order. */
export function shareLists({ rules, home }: Pick<SiteData, 'rules' | 'home'>): ShareList[] {
  const writable = [{ tag: 'scratch', readOnly: false }, ...(home ? [{ tag: 'home', readOnly: false }] : [])];
  return [...new Set(rules.map(({ mount }) => mount))].map((mount): ShareList => {
    if (mount === 'nfs') return { shares: writable, nfs: true };
    const data = { tag: 'data', readOnly: true, ...(mount === '9p' ? {} : { kind: mount }) };
    return { shares: [data, ...writable] };
  });
}
