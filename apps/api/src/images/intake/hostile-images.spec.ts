import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspectImage } from './inspect-image';
import { makeHostileImages } from './testing/hostile-images';
import { freshFolder } from './testing/places';

const folder = freshFolder();
const secret = join(folder, 'secret');
writeFileSync(secret, 'what no guest may read '.repeat(300));
const images = join(folder, 'hostile');
const hostile = makeHostileImages(images, secret);

describe('a hostile image', () => {
  it.each(hostile)('$name is refused as $code', async ({ name, code }) => {
    // So long ago that the next reading must show (relatime).
    utimesSync(secret, 1_000_000_000, 1_000_000_001);
    const problem: unknown = await inspectImage(join(images, name)).then(
      (taken) => ({ taken }),
      (error: unknown) => error,
    );
    expect(problem).toMatchObject({ name: 'ImageRefusedError', code });
    expect(statSync(secret).atimeMs).toBe(1_000_000_000_000);
  });

  it('of every reason that a file alone can give, some image here shows it', () => {
    const shown = new Set(hostile.map(({ code }) => code));
    const ofFiles = ['NOT_A_FILE', 'IS_A_LINK', 'EMPTY', 'UNREADABLE', 'UNKNOWN_FORMAT', 'NAME_MISMATCH', 'UNKNOWN_VERSION'];
    const ofContent = ['UNKNOWN_FEATURE', 'BACKING_FILE', 'DATA_FILE', 'NAMES_OTHER_FILE', 'REMOTE_REFERENCE', 'PARENT_DISK'];
    const ofState = ['SEVERAL_FILES', 'ENCRYPTED', 'DIRTY', 'CORRUPT', 'TRUNCATED', 'ABSURD_SIZE', 'OUTSIDE_FILE', 'TOO_LARGE'];
    expect([...shown].sort()).toEqual([...ofFiles, ...ofContent, ...ofState, 'CHECK_FAILED'].sort());
  });

  it('reading the secret is noticed, were it read', () => {
    utimesSync(secret, 1_000_000_000, 1_000_000_001);
    readFileSync(secret);
    expect(statSync(secret).atimeMs).toBeGreaterThan(1_000_000_000_000);
  });
});
