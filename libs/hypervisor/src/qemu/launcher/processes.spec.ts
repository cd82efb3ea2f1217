import { spawn } from 'node:child_process';
import { findProcess, identify, livesAs } from './processes';

const ID = '6f1c2f5e-4f1b-4f0e-9f57-0c4f7a3f1b9a';

/** A process that executes itself `times` times with the words of a machine: in between, /proc shows no words at all. */
function restless(times: number) {
  const script = 'n=$1; shift; [ "$n" = 0 ] && exit 0; exec /bin/sh -c "$0" "$0" $((n - 1)) "$@"';
  const words = ['qemu-system-x86_64', '-uuid', ID];
  const child = spawn('/bin/sh', ['-c', script, script, String(times), ...words], { stdio: 'ignore' });
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error('the process did not start');
  return { child, identity, ended: new Promise((done) => child.once('exit', done)) };
}

jest.setTimeout(60_000);

describe('a process that replaces itself by other programs', () => {
  it('is alive all the time, and gone when it ended', async () => {
    const { child, identity, ended } = restless(400);
    let looks = 0;
    let missed = 0;
    while (child.exitCode === null) {
      for (let i = 0; i < 50; i++) {
        looks++;
        if (!livesAs(ID, identity) && identify(identity.pid)) missed++;
      }
      await new Promise((next) => setImmediate(next));
    }
    await ended;
    expect(looks).toBeGreaterThan(100);
    expect(missed).toBe(0);
    expect(livesAs(ID, identity)).toBe(false);
  });

  it('is found by its words at any moment', async () => {
    const { child, identity, ended } = restless(1500);
    let looks = 0;
    let missed = 0;
    while (child.exitCode === null) {
      const found = findProcess(ID);
      if (identify(identity.pid)) {
        looks++;
        if (found?.pid !== identity.pid) missed++;
      }
      await new Promise((next) => setImmediate(next));
    }
    await ended;
    expect(looks).toBeGreaterThan(20);
    expect(missed).toBe(0);
    expect(findProcess(ID)).toBeNull();
  });

  it('is not taken for another machine', () => {
    const own = identify(process.pid);
    if (!own) throw new Error('this process is not there');
    expect(livesAs(ID, own)).toBe(false);
  });
});
