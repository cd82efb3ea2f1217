import { byteRange } from './byte-range';

describe('byteRange', () => {
  it.each<[string | undefined, unknown]>([
    [undefined, { kind: 'whole' }],
    ['bytes=0-9', { kind: 'part', from: 0, length: 10 }],
    ['bytes=90-', { kind: 'part', from: 90, length: 10 }],
    ['bytes=90-1000', { kind: 'part', from: 90, length: 10 }],
    ['bytes=-10', { kind: 'part', from: 90, length: 10 }],
    ['bytes=-1000', { kind: 'part', from: 0, length: 100 }],
    ['bytes= 5 - 5', { kind: 'part', from: 5, length: 1 }],
    ['bytes=100-', { kind: 'unsatisfiable' }],
    ['bytes=-0', { kind: 'unsatisfiable' }],
    ['bytes=9-5', { kind: 'whole' }],
    ['bytes=0-1,5-6', { kind: 'whole' }],
    ['bytes=-', { kind: 'whole' }],
    ['lines=1-2', { kind: 'whole' }],
    ['bytes=1e1-', { kind: 'whole' }],
    ['bytes=99999999999999999999-', { kind: 'whole' }],
  ])('of %j in 100 bytes is %j', (header, expected) => expect(byteRange(header, 100)).toEqual(expected));

  it('finds nothing in an empty file', () => {
    expect(byteRange('bytes=0-', 0)).toEqual({ kind: 'unsatisfiable' });
    expect(byteRange(undefined, 0)).toEqual({ kind: 'whole' });
  });
});
