import type { InstanceEntity } from '../instances/entities/instance.entity';
import { guestPath, placesOf } from './file-paths';

const mount = (guestPath: string, readOnly: boolean) => ({ tag: 'x', guestPath, readOnly });
const instance = (...mounts: object[]) => ({ dataAccess: { mounts } }) as unknown as InstanceEntity;

describe('the places of a desktop', () => {
  const usual = [mount('/data/20260301', true), mount('/scratch', false)];

  it('have as Home the person’s own folder where it is mounted', () => {
    expect(placesOf(instance(...usual, mount('/home/user/Home', false)))).toEqual([
      { path: '/scratch', name: 'Scratch', writable: true },
      { path: '/data', name: 'Data', writable: false },
      { path: '/home/user/Home', name: 'Home', writable: true },
    ]);
  });

  it('have as Home what is on the disk where there is no such folder', () => {
    expect(placesOf(instance(...usual))[2]).toEqual({ path: '/home/user', name: 'Home', writable: true });
  });

  it('are where paths may lie', () => {
    for (const path of ['/home/user/Home/a', '/home/user/b']) expect(guestPath(path)).toBe(path);
    for (const path of ['/home', '/home/user2', '/home/user/Home/../../x', '/etc'])
      expect(() => guestPath(path)).toThrow();
  });
});
