import fc from 'fast-check';
import type { PlanSnapshot } from '../instances/plan-snapshot';
import { offerFor, type OfferedPlan, presetOf, type Surroundings } from './offer';

const snapshot = (id: string): PlanSnapshot => ({
  id,
  name: id,
  description: '',
  imageId: 'image',
  flavour: { vcpus: 1, memoryMib: 1, diskMib: 1 },
  needs: { machines: 1, vcpus: 1, memoryMib: 1, storageMib: 1, gpus: 0 },
  lifetimeMinutes: 1,
  keepsDisk: false,
  keyboard: null,
  bootScript: null,
});
const plan = (
  id: string,
  beamlines: string[],
  techniques: string[],
  given: Partial<OfferedPlan> = {},
): OfferedPlan => ({
  plan: snapshot(id),
  preset: true,
  beamlines,
  techniques,
  image: { beamlines: [], techniques: [], groups: [] },
  unavailable: null,
  ...given,
});
const SITE: Surroundings = {
  techniques: ['diffraction', 'tomography', 'fluorescence'].map((id) => ({ id, name: id, terms: [] })),
  beamlines: [
    { id: 'id11', technique: 'Diffraction', techniques: [] },
    { id: 'bm18', technique: 'Imaging with hard X-rays', techniques: ['tomography'] },
    { id: 'id16', technique: 'anything', techniques: [] },
  ],
};
const at = (beamlines: string[], techniques?: string[]) => ({
  visits: beamlines.map((id) => ({
    id: '1',
    beamline: { id, name: id.toUpperCase(), technique: '' },
    start: null,
    end: null,
  })),
  ...(techniques ? { techniques } : {}),
});
const ids = (...given: Parameters<typeof offerFor>) => offerFor(...given).map((offer) => offer.plan.id);

describe('the plans offered to a proposal', () => {
  const plans = [
    plan('beamline', ['id11'], []),
    plan('technique', [], ['diffraction']),
    plan('both', ['id11'], ['diffraction']),
    plan('both-later', ['id11', 'bm18'], ['diffraction', 'fluorescence']),
  ];

  it('come by beamline and technique, then technique, then beamline, then as in the file, and say why', () => {
    expect(offerFor(at(['id11']), plans, SITE).map((offer) => [offer.plan.id, offer.for])).toEqual([
      ['both', { techniques: ['diffraction'], beamlines: ['ID11'] }],
      ['both-later', { techniques: ['diffraction'], beamlines: ['ID11'] }],
      ['technique', { techniques: ['diffraction'], beamlines: [] }],
      ['beamline', { techniques: [], beamlines: ['ID11'] }],
    ]);
  });

  it('need both of a plan that names both, at one and the same beamline', () => {
    expect(ids(at(['bm18']), plans, SITE)).toEqual([]);
    const tomographyAtId11 = [plan('x', ['id11'], ['tomography'])];
    expect(ids(at(['id11', 'bm18']), tomographyAtId11, SITE)).toEqual([]);
    // Datasets say what no beamline is known for: it was measured at any of them.
    expect(ids(at(['id11'], ['Tomography']), tomographyAtId11, SITE)).toEqual(['x']);
  });

  it('go by what the catalogue says of beamline and datasets, and by what the site says of the beamline', () => {
    const tomography = [plan('t', [], ['tomography'])];
    expect(ids(at(['bm18']), tomography, SITE)).toEqual(['t']);
    const visits = [{ id: '1', beamline: { id: 'new', name: 'NEW', technique: 'tomography' }, start: null, end: null }];
    expect(ids({ visits }, tomography, SITE)).toEqual(['t']);
    expect(ids(at([], ['TOMOGRAPHY']), tomography, SITE)).toEqual(['t']);
    expect(ids(at(['id16']), tomography, SITE)).toEqual([]);
  });

  it('begin with the one that a click starts: the best preset that can be started, or else the best that can', () => {
    const no = { unavailable: 'No image.' };
    const choice = (...given: Partial<OfferedPlan>[]) => {
      const some = given.map((one, i) => plan(`p${i}`, ['id11'], i === 0 ? ['diffraction'] : [], one));
      const offers = offerFor(at(['id11']), some, SITE);
      return [presetOf(offers)?.id ?? null, ...offers.map((offer) => offer.plan.id)];
    };
    expect(choice({ preset: false }, {})).toEqual(['p1', 'p1', 'p0']);
    expect(choice(no, {})).toEqual(['p1', 'p1', 'p0']);
    expect(choice(no, { preset: false })).toEqual(['p1', 'p1', 'p0']);
    expect(choice({ preset: false }, { preset: false })).toEqual(['p0', 'p0', 'p1']);
    expect(choice(no, no)).toEqual([null, 'p0', 'p1']);
    expect(presetOf([])).toBeNull();
  });

  const some = <T>(values: readonly T[]) => fc.uniqueArray(fc.constantFrom(...values), { maxLength: 3 });
  const BEAMLINES = ['id11', 'bm18', 'id16', 'elsewhere'];
  const TECHNIQUES = ['diffraction', 'tomography', 'fluorescence'];
  const anyPlans = fc
    .array(
      fc.record({
        beamlines: some(BEAMLINES),
        techniques: some(TECHNIQUES),
        preset: fc.boolean(),
        unavailable: fc.constantFrom(null, 'No image.'),
      }),
      { maxLength: 6 },
    )
    .map((all) => all.map((one, i) => plan(`p${i}`, one.beamlines, one.techniques, one)));
  const anyProposal = fc.tuple(some(BEAMLINES), some([...TECHNIQUES, 'nonsense'])).map((given) => at(...given));

  it('are each plan at most once, never without a reason, and only what is at the proposal', () => {
    fc.assert(
      fc.property(anyProposal, anyPlans, (proposal, all) => {
        const offers = offerFor(proposal, all, SITE);
        expect(new Set(offers.map((offer) => offer.plan.id)).size).toBe(offers.length);
        const here = proposal.visits.map(({ beamline }) => beamline.name);
        for (const offer of offers) {
          expect(offer.for.beamlines.length + offer.for.techniques.length).toBeGreaterThan(0);
          expect(here).toEqual(expect.arrayContaining(offer.for.beamlines));
          const { beamlines, techniques } = all.find(({ plan: { id } }) => id === offer.plan.id) ?? plan('', [], []);
          expect(techniques).toEqual(expect.arrayContaining(offer.for.techniques));
          expect(beamlines.length > 0).toBe(offer.for.beamlines.length > 0);
          expect(techniques.length > 0).toBe(offer.for.techniques.length > 0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('do not depend on the order of visits, and lose nothing when the proposal gains something', () => {
    fc.assert(
      fc.property(anyProposal, anyPlans, some(TECHNIQUES), (proposal, all, more) => {
        const offered = ids(proposal, all, SITE);
        expect(ids({ ...proposal, visits: [...proposal.visits].reverse() }, all, SITE)).toEqual(offered);
        const techniques = [...(proposal.techniques ?? []), ...more];
        expect(ids({ ...proposal, techniques }, all, SITE)).toEqual(expect.arrayContaining(offered));
      }),
      { numRuns: 500 },
    );
  });

  it('begin with something that can be started wherever anything can', () => {
    fc.assert(
      fc.property(anyProposal, anyPlans, (proposal, all) => {
        const offers = offerFor(proposal, all, SITE);
        const can = offers.some(({ unavailable }) => unavailable === null);
        expect(presetOf(offers) !== null).toBe(can);
      }),
      { numRuns: 500 },
    );
  });
});
