import { runStep, runSteps } from './steps.ts';
import type { Outcome, Step } from './steps.ts';

const NOTHING = { passed: 1, skipped: 0, failures: [] };

const step = (name: string, part: Step['part'], beside = false): Step => ({
  ...{ name, part, beside, command: ['true'], withinMs: 10_000, jest: false },
});

describe('runSteps', () => {
  /** Steps that end when told to. */
  function controlled(steps: Step[]) {
    const log: string[] = [];
    const ends = new Map<string, () => void>();
    const whole = runSteps(steps, ({ name }) => {
      log.push(`${name} begins`);
      return new Promise<Outcome>((resolve) =>
        ends.set(name, () => {
          log.push(`${name} ends`);
          resolve({ name, counts: NOTHING, seconds: 0 });
        }),
      );
    });
    const end = async (name: string) => {
      ends.get(name)?.();
      await new Promise((next) => setImmediate(next));
    };
    return { log, end, whole };
  }

  it('runs those beside from the beginning, one by one, and the others of their part when all of them are there', async () => {
    const { log, end, whole } = controlled([
      step('lint', 'static'),
      step('tests', 'unit'),
      step('image 1', 'e2e', true),
      step('image 2', 'e2e', true),
      step('journeys', 'e2e'),
    ]);
    for (const name of ['image 1', 'lint', 'tests']) await end(name);
    expect(log).not.toContain('journeys begins');
    await end('image 2');
    await end('journeys');
    expect(log).toEqual([
      ...['image 1 begins', 'lint begins', 'image 1 ends', 'image 2 begins', 'lint ends', 'tests begins', 'tests ends'],
      ...['image 2 ends', 'journeys begins', 'journeys ends'],
    ]);
    expect((await whole).map(({ name }) => name)).toEqual(['lint', 'tests', 'image 1', 'image 2', 'journeys']);
  });

  it('goes on after a step that failed', async () => {
    const failed = { passed: 0, skipped: 0, failures: ['no'] };
    const outcomes = await runSteps([step('a', 'static'), step('b', 'unit')], async ({ name }) => ({
      ...{ name, counts: name === 'a' ? failed : NOTHING, seconds: 0 },
    }));
    expect(outcomes.map(({ counts }) => counts.passed)).toEqual([0, 1]);
  });
});

describe('runStep', () => {
  it.each([
    [false, 'exit 0', { passed: 1, skipped: 0, failures: [] }],
    [true, 'echo said aside', { passed: 1, skipped: 0, failures: [] }],
    [false, 'exit 3', { passed: 0, skipped: 0, failures: ['a step: exit code 3'] }],
    [true, 'echo said aside; exit 3', { passed: 0, skipped: 0, failures: ['a step: exit code 3'] }],
    [true, 'kill -9 $$', { passed: 0, skipped: 0, failures: [expect.stringMatching(/^a step: ended by SIGKILL/)] }],
  ])('beside: %s, %j', async (beside, script, counts) => {
    const said = jest.spyOn(console, 'log').mockReturnValue(undefined);
    const command: Step['command'] = ['sh', '-c', script];
    const outcome = await runStep({ ...step('a step', 'static', beside), command }, process.cwd());
    const shown = said.mock.calls.flat().join('\n');
    said.mockRestore();
    expect(outcome).toMatchObject({ name: 'a step', counts });
    expect(shown).toContain('== a step');
    expect(shown.includes('said aside')).toBe(script.includes('said aside'));
  });

  it('ends one that takes too long, and fails it', async () => {
    const said = jest.spyOn(console, 'log').mockReturnValue(undefined);
    const slow: Step = { ...step('slow', 'static', true), command: ['sleep', '60'], withinMs: 200 };
    const { counts } = await runStep(slow, process.cwd());
    said.mockRestore();
    expect(counts.failures).toEqual([expect.stringMatching(/^slow: ended by SIGTERM/)]);
  });
});
