import { FewAtOnce, TooBusy } from './few-at-once';

describe('FewAtOnce', () => {
  it('runs so many at a time, the others in order, and refuses whom it would keep too long', async () => {
    const few = new FewAtOnce(2, 3);
    const ends: (() => void)[] = [];
    const begun: number[] = [];
    const work = (i: number) => few.run(() => new Promise<number>((done) => (begun.push(i), ends.push(() => done(i)))));
    expect(few.isFull).toBe(false);
    const all = [0, 1, 2, 3, 4].map(work);
    expect(few.isFull).toBe(true);
    await expect(work(5)).rejects.toBeInstanceOf(TooBusy);
    expect(begun).toEqual([0, 1]);
    for (let i = 0; i < 5; i++) {
      ends[i]?.();
      await all[i];
    }
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    expect(await Promise.all(all)).toEqual([0, 1, 2, 3, 4]);
  });

  it('gives the turn on when a piece of work fails', async () => {
    const few = new FewAtOnce(1, 1);
    const failing = few.run(() => Promise.reject(new Error('no')));
    const next = few.run(() => Promise.resolve('yes'));
    await expect(failing).rejects.toThrow('no');
    expect(await next).toBe('yes');
    expect(await few.run(() => Promise.resolve('again'))).toBe('again');
  });
});
