import type { TemplateView } from '@beamdesk/contracts';
import { amount } from '../quotas/resource-words';
import { Tone } from '../resources/state-words';

type State = TemplateView['state'];

/** In the order of the summary: what needs somebody first. */
const STATES: Readonly<Record<State, { readonly words: string; readonly tone: Tone }>> = {
  'set-aside': { words: 'set aside', tone: 'error' },
  building: { words: 'building', tone: 'busy' },
  waiting: { words: 'waiting', tone: 'quiet' },
  ready: { words: 'ready', tone: 'ready' },
  impossible: { words: 'not possible', tone: 'quiet' },
};

export function templateStateWords(state: State): string {
  return STATES[state].words;
}

export function templateTone(state: State): Tone {
  return STATES[state].tone;
}

/** A ready one is being built too where it tells a step: it is made anew, and launches use the present one meanwhile. */
export function inTheMaking({ state, step }: TemplateView): boolean {
  return state === 'building' || (state === 'ready' && step !== null);
}

/** "1 set aside, 1 building, 3 ready"; empty for none. */
export function templatesSummary(templates: readonly TemplateView[]): string {
  return (Object.keys(STATES) as State[])
    .map((state) => ({ state, count: templates.filter((template) => template.state === state).length }))
    .filter(({ count }) => count > 0)
    .map(({ state, count }) => `${count} ${STATES[state].words}`)
    .join(', ');
}

/** "2 vCPUs, 4 GiB memory, 20 GiB disk". */
export function flavourWords({ vcpus, memoryMib, diskMib }: TemplateView['flavour']): string {
  const cpus = `${vcpus} ${vcpus === 1 ? 'vCPU' : 'vCPUs'}`;
  return `${cpus}, ${amount('memoryMib', memoryMib)} memory, ${amount('storageMib', diskMib)} disk`;
}

/** What the state means for launches, and why where there is a reason; undefined where the state says it all. */
export function templateRemark({ state, failure, failures, wanted }: TemplateView): string | undefined {
  const tries = `${failures} failed ${failures === 1 ? 'try' : 'tries'}`;
  const why = failure ? `: ${failure}` : '';
  switch (state) {
    case 'set-aside':
      return `After ${tries}${why}`;
    case 'impossible':
      return failure ?? 'Launches boot from scratch.';
    case 'ready':
      return wanted ? (failure ?? undefined) : 'No plan uses it any longer; it goes with its last machine.';
    default:
      return failures > 0 ? `${tries} so far${why}` : (failure ?? undefined);
  }
}

/** A build in seconds or minutes: "13 s", "4 min 5 s". */
export function buildTime(seconds: number): string {
  const whole = Math.round(seconds);
  return whole < 120 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
