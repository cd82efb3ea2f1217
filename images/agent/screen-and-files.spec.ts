import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { AgentUnderTest } from './agent-harness';

describe.each(['dash', 'busybox'] as const)('screen and files of the guest agent under %s', (shell) => {
  let agent: AgentUnderTest;

  /** A program of the image, as a shell script. */
  const program = (path: string, script: string): string => {
    const file = join(agent.folder, 'root/usr/lib', path);
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return file;
  };
  const lines = (name: string): string[] => {
    const file = join(agent.folder, name);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  };
  const until = async (holds: () => boolean): Promise<void> => {
    for (const end = Date.now() + 5000; !holds() && Date.now() < end; ) await delay(10);
    expect(holds()).toBe(true);
  };
  /** The pid of the server that reads a word from the files port. */
  const servedBy = async (word: string): Promise<number> => {
    writeFileSync(join(agent.folder, 'files'), `${word}\n`);
    await until(() => lines('served').some((line) => line.endsWith(` ${word}`)));
    return Number(lines('served').find((line) => line.endsWith(` ${word}`))?.split(' ')[0]);
  };
  const runs = (pid: number): boolean => existsSync(`/proc/${pid}`);

  beforeEach(async () => {
    agent = new AgentUnderTest(shell);
    mkdirSync(join(agent.folder, 'root/usr/lib/beamdesk'), { recursive: true });
    await agent.connect();
    await agent.line(/^hello 1 /);
  });
  afterEach(() => agent.end());

  it('has the image give its screen a size, and notes it for a session that starts later', async () => {
    program('beamdesk/set-display', `echo "$@" >> '${agent.folder}/sized'`);
    expect(await agent.ask(1, 'set-display 640 480')).toBe('ok');
    expect(await agent.ask(2, 'set-display 3840 2160')).toBe('ok');
    expect(lines('sized')).toEqual(['640 480', '3840 2160']);
    expect(readFileSync(join(agent.run, 'display'), 'utf8')).toBe('3840 2160\n');
  });

  it.each(['639 480', '640 479', '3841 2160', '3840 2161', '0800 600', '800 6e2', '-800 600', '99999 600', '$(id) 600', '800 *'])(
    'refuses the size %s',
    async (size) => {
      program('beamdesk/set-display', `echo "$@" >> '${agent.folder}/sized'`);
      expect(await agent.ask(1, `set-display ${size}`)).toBe('fail: A screen has 640 to 3840 by 480 to 2160 pixels.');
      expect(await agent.ask(2, 'set-display 800')).toBe('fail: set-display takes 2 words.');
      expect(lines('sized')).toEqual([]);
    },
  );

  it('says why a screen keeps its size', async () => {
    expect(await agent.ask(1, 'set-display 800 600')).toBe('fail: The screen of this desktop cannot change its size.');
    program('beamdesk/set-display', 'echo "The desktop has no screen yet." >&2; exit 1');
    expect(await agent.ask(2, 'set-display 800 600')).toBe('fail: The desktop has no screen yet.');
    expect(existsSync(join(agent.run, 'display'))).toBe(false);
  });

  it('serves files, each time by a fresh server, and none is left beside it', async () => {
    const server = program('sftp-server', `while read -r word; do echo "$$ $word" >> '${agent.folder}/served'; done`);
    program('beamdesk/serve-files', `sleep 0.2; exec '${server}'`);
    const seen: number[] = [];
    for (let turn = 1; turn <= 3; turn++) {
      expect(await agent.ask(turn, 'serve-files')).toBe('ok');
      seen.push(await servedBy(`word${turn}`));
    }
    expect(new Set(seen).size).toBe(3);
    expect(seen.map(runs)).toEqual([false, false, true]);
    process.kill(seen[2] ?? 0);
    expect(await agent.ask(4, 'serve-files')).toBe('ok');
    const last = await servedBy('word4');
    expect(seen).not.toContain(last);
    process.kill(last);
  });

  it('keeps the host’s channel to itself: the server has no other descriptor of the agent’s', async () => {
    const server = program('sftp-server', `ls -l /proc/$$/fd > '${agent.folder}/open'; until [ "$word" ]; do read -r word; done`);
    program('beamdesk/serve-files', `exec '${server}'`);
    expect(await agent.ask(1, 'serve-files')).toBe('ok');
    await until(() => lines('open').length > 3);
    const open = lines('open').map((line) => line.split(' -> ')[1]);
    expect(open.filter((target) => target === join(agent.folder, 'files'))).toHaveLength(2);
    expect(open.filter((target) => target?.endsWith('/in') || target?.endsWith('/out') || target?.endsWith('.fifo'))).toEqual([]);
    writeFileSync(join(agent.folder, 'files'), 'end\n');
  });

  it('says why files are not served, and serves them once they can be', async () => {
    expect(await agent.ask(1, 'serve-files')).toBe('fail: This image has no file service.');
    expect(await agent.ask(2, 'serve-files now')).toBe('fail: serve-files takes 0 words.');
    program('beamdesk/serve-files', 'echo "There is no user." >&2; exit 1');
    expect(await agent.ask(3, 'serve-files')).toBe('fail: There is no user.');
    rmSync(join(agent.folder, 'root/usr/lib/beamdesk/serve-files'));
    const server = program('sftp-server', `while read -r word; do echo "$$ $word" >> '${agent.folder}/served'; done`);
    program('beamdesk/serve-files', `exec '${server}'`);
    expect(await agent.ask(4, 'serve-files')).toBe('ok');
    process.kill(await servedBy('word'));
  });
});
