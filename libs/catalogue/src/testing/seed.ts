import { Availability, DatasetRecord, Proposal } from '../proposal';

/** A proposal a test wants in its catalogue. */
export type SeedProposal = Omit<Proposal, 'key' | 'catalogue' | 'facility'> & { datasets?: DatasetRecord[] };

const diffraction = { id: 'id11-diff', name: 'ID11', technique: 'Diffraction' };
const neutrons = { id: 'n3-sans', name: 'N3', technique: 'Neutron small-angle scattering' };

const member = (account: string, name: string, ...roles: string[]) => ({ account, name, affiliation: null, roles });

const dataset = (name: string, technique: string, availability: Availability, sample: string | null = null) => ({
  id: name,
  name,
  createdAt: null,
  sizeBytes: 10,
  fileCount: 1,
  sample,
  technique,
  availability,
});

/** Three proposals: ada alone, ada and bo, chen alone; names with `/`, titles with accents, visits with and without dates. */
export function seedProposals(): SeedProposal[] {
  return [
    {
      name: '20260301',
      title: 'Strain in Müller–Köhler alloys',
      abstract: 'Residual strain maps of welded plates.',
      visits: [
        {
          id: '1',
          beamline: diffraction,
          start: new Date('2026-03-01T08:00:00Z'),
          end: new Date('2026-03-03T08:00:00Z'),
        },
      ],
      team: [member('ada', 'Ada Okafor', 'Principal investigator')],
      datasets: [
        dataset('plate', 'Diffraction', 'online', 'weld'),
        dataset('old-plate', 'Diffraction', 'archived', 'weld'),
      ],
    },
    {
      name: '20260302',
      title: 'Micelles under shear',
      abstract: 'Alignment of worm-like micelles.',
      visits: [{ id: '1', beamline: neutrons, start: new Date('2026-05-01T08:00:00Z'), end: null }],
      team: [member('ada', 'Ada Okafor', 'Co-investigator'), member('bo', 'Bo Lindqvist', 'Principal investigator')],
      datasets: [dataset('micelles', 'Neutron small-angle scattering', 'archived')],
    },
    {
      name: 'MX/2415',
      title: 'A membrane transporter',
      abstract: 'Crystals at room temperature.',
      visits: [{ id: '1', beamline: diffraction, start: null, end: null }],
      team: [member('chen', 'Chen Wei', 'Principal investigator')],
    },
  ];
}
