import fc from 'fast-check';
import { recognise, termKey, type Technique } from './techniques';

const TABLE: Technique[] = [
  { id: 'xrd', name: 'diffraction', terms: ['X-ray diffraction', 'http://purl.org/pan-science/PaNET/PaNET01216'] },
  { id: 'xrf', name: 'X-ray fluorescence', terms: ['XRF', 'PaNET:PaNET01177'] },
  { id: 'ct', name: 'tomography', terms: ['tomography, absorption'] },
];
const found = (...terms: string[]) => recognise(TABLE, terms).map(({ id }) => id);

describe('techniques of a catalogue', () => {
  it.each([
    ['x-ray DIFFRACTION', 'xrd'],
    ['X ray  diffraction ', 'xrd'],
    ['Diffraction', 'xrd'],
    ['xrd', 'xrd'],
    ['PaNET01216', 'xrd'],
    ['https://w3id.org/PaNET/PaNET01216', 'xrd'],
    ['http://purl.org/pan-science/PaNET/PaNET01177', 'xrf'],
    ['Tomography, Absorption', 'ct'],
  ])('knows %j', (term, id) => expect(found(term)).toEqual([id]));

  it.each(['', ' ', 'diffract', 'PaNET0121', 'http://purl.org/pan-science/PaNET/PaNET01216/more', 'xPaNET01216'])(
    'does not guess at %j',
    (term) => expect(found(term)).toEqual([]),
  );

  it('reads a list where the whole means nothing, each once, in the order of the table', () => {
    expect(found('XRF, unknown; diffraction', 'diffraction')).toEqual(['xrd', 'xrf']);
  });

  it('compares alike whatever case, hyphens and spaces', () => {
    const word = fc.stringMatching(/^[a-z0-9]{1,8}$/);
    const gap = fc.constantFrom(' ', '-', '_', '  ', '–');
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), gap, gap, (words, one, other) => {
        expect(termKey(words.join(one).toUpperCase())).toBe(termKey(` ${words.join(other)} `));
      }),
    );
  });
});
