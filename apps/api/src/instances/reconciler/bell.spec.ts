import { Bell } from './bell';

const HOUR = 3_600_000;

describe('Bell', () => {
  const never = new AbortController().signal;

  it('ends a pause when it rings, and the next one if it rang before', async () => {
    const bell = new Bell();
    const waiting = bell.wait(HOUR, never);
    bell.ring();
    await waiting;
    bell.ring();
    bell.ring();
    await bell.wait(HOUR, never);
  });

  it('is silent again after a pause', async () => {
    const bell = new Bell();
    bell.ring();
    await bell.wait(HOUR, never);
    const ended: string[] = [];
    await Promise.all([
      bell.wait(30, never).then(() => ended.push('pause')),
      new Promise((resolve) => setTimeout(resolve, 1)).then(() => ended.push('moment')),
    ]);
    expect(ended).toEqual(['moment', 'pause']);
  });

  it('lets go when the wait is called off, before or meanwhile', async () => {
    const bell = new Bell();
    await bell.wait(HOUR, AbortSignal.abort());
    const control = new AbortController();
    const waiting = bell.wait(HOUR, control.signal);
    control.abort();
    await waiting;
  });
});
