import { randomBytes } from 'node:crypto';
import { closeSync, openSync, statSync, truncateSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { CloneHouse } from '../harness/clone-house';
import { until } from '../harness/installation';
import { TINY_SITE } from '../fixtures/tiny-site';

jest.setTimeout(900_000);

/** A template whose files are not what was saved: never a wrong desktop, never none. */
describe('broken templates', () => {
  let house: CloneHouse;

  beforeAll(async () => {
    house = await CloneHouse.open(TINY_SITE);
  });

  afterAll(() => house?.installation.remove());

  const damage: [string, (folder: string) => void][] = [
    ['memory, cut short', (folder) => truncateSync(join(folder, 'memory'), 1_048_576)],
    ['state, with other bytes in its middle', (folder) => overwriteMiddle(join(folder, 'state'))],
    ['disk, emptied', (folder) => truncateSync(join(folder, 'disk.qcow2'), 0)],
  ];

  it.each(damage)('%s: told to staff, launches go on, and the template is made anew', async (_name, spoil) => {
    const before = await house.expectOneTemplate();
    spoil(before);
    expect((await house.ada.launch(house.keys[0] ?? '')).status).toBe(200);
    const told = await until(
      async () => (await house.template()).failure,
      60_000,
      () => 'staff to be told',
    );
    expect(told).toMatch(/\w{3,}/);
    expect(await house.settled()).toMatchObject([{ state: 'READY', launch: { path: 'cold' } }]);
    await house.expectAgreement();
    await house.endAll();
    expect(await house.expectOneTemplate()).not.toBe(before);
    expect(await house.launchOne()).toMatchObject({ state: 'READY', launch: { path: 'clone' } });
    await house.endAll();
  });

  it('one that broke, and whose successor fails: set aside; launches boot until an admin has it made', async () => {
    truncateSync(join(await house.expectOneTemplate(), 'memory'), 1_048_576);
    expect((await house.ada.launch(house.keys[0] ?? '')).status).toBe(200);
    process.kill(await house.building(), 'SIGKILL');
    const [template] = await house.settledTemplates();
    expect(template).toMatchObject({ state: 'set-aside', failures: 2, failure: expect.stringMatching(/\w/) });
    expect(await house.settled()).toMatchObject([{ state: 'READY', launch: { path: 'cold' } }]);
    await house.endAll();
    const reason = expect.stringMatching(/^[A-Z].*\.$/);
    expect(await house.launchOne()).toMatchObject({ state: 'READY', launch: { path: 'cold', reason } });
    await house.endAll();
    await house.rebuild();
    await house.expectOneTemplate();
  });
});

function overwriteMiddle(path: string): void {
  const file = openSync(path, 'r+');
  writeSync(file, randomBytes(64), 0, 64, Math.floor(statSync(path).size / 2));
  closeSync(file);
}
