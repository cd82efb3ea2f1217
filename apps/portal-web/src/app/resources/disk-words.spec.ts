import { plan } from '../testing/views';
import { diskNotice, expiryWords, planLine } from './disk-words';

describe('what becomes of a disk', () => {
  it.each([
    [false, /disk not kept$/, /thrown away at the end\. Keep your results in \/scratch\.$/, /thrown away$/],
    [true, /disk kept$/, /^Stop keeps this desktop's disk/, /its disk kept$/],
  ])('is told for a plan that keeps it: %p', (keepsDisk, line, notice, expiry) => {
    const one = { ...plan, keepsDisk };
    expect(planLine(one)).toMatch(/^Analysis desktop, up to 8 hours, /);
    expect(planLine(one)).toMatch(line);
    expect(diskNotice(one)).toMatch(notice);
    expect(expiryWords(one)).toMatch(expiry);
  });
});
