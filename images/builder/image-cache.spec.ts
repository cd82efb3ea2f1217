import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ImageCache, mountsBelow } from './image-cache';

const write = async (folder: string): Promise<void> => writeFileSync(join(folder, 'image.json'), '{}');

describe('ImageCache', () => {
  let root: string;
  let cache: ImageCache;
  const said: string[] = [];
  const say = (line: string): number => said.push(line);

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'beamdesk-cache-'));
    cache = new ImageCache(root);
    said.length = 0;
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it('builds once and finds it afterwards', async () => {
    const build = jest.fn(write);
    const folder = await cache.provide('abc', build, say);
    expect(await cache.provide('abc', build, say)).toBe(folder);
    expect(build).toHaveBeenCalledTimes(1);
    expect(existsSync(join(folder, 'image.json'))).toBe(true);
    expect(statSync(folder).mode & 0o777).toBe(0o755);
  });

  it('lets one build at a time run per hash; who waited finds the result', async () => {
    let running = 0;
    const build = jest.fn(async (folder: string) => {
      expect(++running).toBe(1);
      await delay(300);
      await write(folder);
      running--;
    });
    const folders = await Promise.all([1, 2, 3].map(() => new ImageCache(root).provide('abc', build, say)));
    expect(new Set(folders).size).toBe(1);
    expect(build).toHaveBeenCalledTimes(1);
    expect(said).toContain('another build of this image runs: waiting for it');
  });

  it('shows nothing of a build that failed, and lets the next one try', async () => {
    const failing = async (folder: string): Promise<void> => {
      await write(folder);
      throw new Error('no such package');
    };
    await expect(cache.provide('abc', failing, say)).rejects.toThrow('no such package');
    expect(cache.has('abc')).toBe(false);
    expect(readdirSync(join(root, 'images'))).toEqual(['locks']);
    await cache.provide('abc', write, say);
    expect(cache.has('abc')).toBe(true);
  });

  it('removes what killed builds left, but not what another process is building', async () => {
    mkdirSync(join(root, 'images/locks'), { recursive: true });
    mkdirSync(join(root, 'images/dead.tmp/work'), { recursive: true });
    mkdirSync(join(root, 'images/live.tmp/work'), { recursive: true });
    const lock = openSync(join(root, 'images/locks/live'), 'a');
    const holder: ChildProcess = spawn('sh', ['-c', 'flock 3 && echo held && exec sleep 30'], {
      stdio: ['ignore', 'pipe', 'ignore', lock],
    });
    await new Promise((resolve) => holder.stdout?.once('data', resolve));
    await cache.provide('abc', write, say);
    expect(readdirSync(join(root, 'images')).sort()).toEqual(['abc', 'live.tmp', 'locks']);
    holder.kill('SIGKILL');
    await new Promise((resolve) => holder.once('exit', resolve));
  });

  it('finds what is mounted below a folder, innermost first', () => {
    const mountinfo = [
      '22 1 254:0 / / rw,relatime - ext4 /dev/vda rw',
      '40 22 0:20 / /cache/a\\040b.tmp/root/sys rw - sysfs sysfs rw',
      '41 40 0:21 / /cache/a\\040b.tmp/root/sys/fs rw - tmpfs tmpfs rw',
      '42 22 0:22 / /cache/a\\040b.tmp2 rw - tmpfs tmpfs rw',
      '',
    ].join('\n');
    expect(mountsBelow('/cache/a b.tmp', mountinfo)).toEqual(['/cache/a b.tmp/root/sys/fs', '/cache/a b.tmp/root/sys']);
    expect(mountsBelow('/cache/other', mountinfo)).toEqual([]);
  });
});
