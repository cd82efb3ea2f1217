import { setTimeout as pause } from 'node:timers/promises';
import { OneAtATime } from './one-at-a-time';

describe('OneAtATime', () => {
  it('runs one task per key at a time, once more for any number of wake-ups meanwhile', async () => {
    let [running, most, runs] = [0, 0, 0];
    const queue = new OneAtATime(
      8,
      async () => {
        most = Math.max(most, ++running);
        runs++;
        await pause(10);
        running--;
      },
      () => undefined,
    );
    for (let i = 0; i < 20; i++) queue.wake('a');
    await pause(50);
    expect([most, runs]).toEqual([1, 2]);
    await queue.close();
  });

  it('runs different keys side by side, up to its width', async () => {
    let [running, most] = [0, 0];
    const done: string[] = [];
    const queue = new OneAtATime(
      3,
      async (key) => {
        most = Math.max(most, ++running);
        await pause(5);
        running--;
        done.push(key);
      },
      () => undefined,
    );
    const keys = Array.from({ length: 12 }, (_, i) => `k${i}`);
    keys.forEach((key) => queue.wake(key));
    await pause(80);
    expect(most).toBe(3);
    expect(done.sort()).toEqual([...keys].sort());
  });

  it('goes on after a task that failed, and tells who', async () => {
    const failed: string[] = [];
    let tries = 0;
    const queue = new OneAtATime(
      1,
      async () => {
        if (tries++ === 0) throw new Error('first');
      },
      (key, error) => failed.push(`${key} ${String(error)}`),
    );
    queue.wake('a');
    await pause(5);
    queue.wake('a');
    await pause(5);
    expect([tries, failed]).toEqual([2, ['a Error: first']]);
  });

  it('keeps a key to itself for exclusive work, and wakes it afterwards', async () => {
    const order: string[] = [];
    const queue = new OneAtATime(
      4,
      async () => void order.push('task'),
      () => undefined,
    );
    const work = queue.exclusively('a', async () => {
      queue.wake('a');
      expect(await queue.exclusively('a', async () => void order.push('never'))).toBe(false);
      await pause(10);
      order.push('work');
    });
    expect(await work).toBe(true);
    await pause(5);
    expect(order).toEqual(['work', 'task']);
  });

  it('begins nothing after it was closed, and ends when the last task has', async () => {
    let ended = 0;
    const queue = new OneAtATime(
      1,
      async () => void (await pause(10), ended++),
      () => undefined,
    );
    queue.wake('a');
    queue.wake('b');
    await queue.close();
    queue.wake('c');
    await pause(20);
    expect(ended).toBe(1);
  });
});
