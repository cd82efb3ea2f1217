import { template } from '../testing/views';
import { buildTime, flavourWords, templateRemark, templatesSummary } from './template-words';

describe('words about templates', () => {
  it('counts the states, what needs somebody first', () => {
    const states = ['ready', 'building', 'ready', 'set-aside', 'impossible', 'waiting'] as const;
    expect(templatesSummary(states.map((state) => template({ state })))).toBe(
      '1 set aside, 1 building, 1 waiting, 2 ready, 1 not possible',
    );
    expect(templatesSummary([])).toBe('');
  });

  it('tells a flavour', () => {
    expect(flavourWords({ vcpus: 1, memoryMib: 2048, diskMib: 10_240 })).toBe('1 vCPU, 2 GiB memory, 10 GiB disk');
  });

  it.each([
    [template(), undefined],
    [template({ wanted: false }), 'No plan uses it any longer; it goes with its last machine.'],
    [template({ state: 'building', failures: 1, failure: 'No agent.' }), '1 failed try so far: No agent.'],
    [template({ state: 'waiting' }), undefined],
    [template({ state: 'waiting', failure: 'The disk of the host is full.' }), 'The disk of the host is full.'],
    [template({ state: 'set-aside', failures: 2, failure: 'The disk is full.' }), 'After 2 failed tries: The disk is full.'],
    [template({ state: 'impossible', failure: 'The image has no agent.' }), 'The image has no agent.'],
    [template({ state: 'impossible' }), 'Launches boot from scratch.'],
  ])('says what a state means: %#', (view, expected) => expect(templateRemark(view)).toBe(expected));

  it.each([
    [13.4, '13 s'],
    [119.4, '119 s'],
    [245, '4 min 5 s'],
  ])('%d s of building', (seconds, expected) => expect(buildTime(seconds)).toBe(expected));
});
