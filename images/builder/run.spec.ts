import { tmpdir } from 'node:os';
import { BuildFailure } from './failure';
import { requireTools, run } from './run';

const folder = tmpdir();

describe('run', () => {
  it('answers what the program printed', async () => {
    await expect(run(['printf', '%s', '$(id) *'], { folder })).resolves.toBe('$(id) *');
  });

  it('fails with the last thing the program said', async () => {
    const failing = run(['sh', '-c', 'echo "E: no such package" >&2; echo later >&2; exit 3'], { folder });
    await expect(failing).rejects.toThrow(new BuildFailure('sh failed: E: no such package'));
  });

  it('says in one sentence that the disk is full', async () => {
    const full = run(['sh', '-c', 'echo x | cat > /dev/full'], { folder });
    await expect(full).rejects.toThrow(/^the disk is full: free some space/);
  });

  it('names every missing tool and what brings it', () => {
    expect(() => requireTools(['sh', 'mmdebstrap-of-nowhere', 'beam-tool'])).toThrow(
      'missing: mmdebstrap-of-nowhere, beam-tool; install with: apt-get install mmdebstrap-of-nowhere beam-tool',
    );
    expect(() => requireTools(['sh', 'flock'])).not.toThrow();
  });
});
