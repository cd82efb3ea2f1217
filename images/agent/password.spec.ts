import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentUnderTest, b64 } from './agent-harness';

/** Every file that the agent wrote, its path and content. */
function written(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [path, readFileSync(path, 'latin1')]);
}

describe.each(['dash', 'busybox'] as const)('the password of a console, under %s', (shell) => {
  let agent: AgentUnderTest;
  let hook: string;
  let given: string;

  beforeEach(async () => {
    agent = new AgentUnderTest(shell);
    hook = join(agent.folder, 'root/usr/lib/beamdesk/set-password');
    given = join(agent.folder, 'given');
    mkdirSync(join(agent.folder, 'root/usr/lib/beamdesk'), { recursive: true });
    await agent.connect();
    await agent.line(/^hello 1 /);
  });
  afterEach(() => agent.end());

  /** The image's part: takes the word from its input, refuses a short one. */
  const install = (): void =>
    writeFileSync(
      hook,
      `#!/bin/sh\nread -r word || [ -n "$word" ]\n` +
        `[ "\${#word}" -ge 8 ] || { echo 'Too short.' >&2; exit 1; }\n` +
        `printf '%s|%s\\n' "$#" "$word" >> '${given}'\n`,
      { mode: 0o755 },
    );

  it('reaches the image by its input alone, as often as it is said', async () => {
    install();
    expect(await agent.ask(1, `set-password ${b64('aB3$x "y\' z\\w')}`)).toBe('ok');
    expect(await agent.ask(2, `set-password ${b64('Xk2-another-one')}`)).toBe('ok');
    expect(readFileSync(given, 'utf8')).toBe('0|aB3$x "y\' z\\w\n0|Xk2-another-one\n');
  });

  it('leaves no trace in what the agent writes', async () => {
    install();
    expect(await agent.ask(1, `set-password ${b64('Xk2-another-one')}`)).toBe('ok');
    expect(statSync(given).size).toBeGreaterThan(0);
    const traces = written(agent.folder).filter(
      ([path, content]) => path !== given && (content.includes('Xk2-') || content.includes(b64('Xk2-another-one'))),
    );
    expect(traces).toEqual([]);
    expect(agent.calls().flat().join(' ')).not.toContain('Xk2-');
  });

  it('fails with what the image says, and where there is nothing to open', async () => {
    expect(await agent.ask(1, `set-password ${b64('long enough')}`)).toBe(
      'fail: This guest has nothing that a password would open.',
    );
    install();
    expect(await agent.ask(2, `set-password ${b64('short')}`)).toBe('fail: Too short.');
    expect(await agent.ask(3, 'set-password -')).toBe('fail: The password is not base64.');
    expect(await agent.ask(4, 'set-password $(reboot)')).toBe('fail: The password is not base64.');
    expect(await agent.ask(5, 'set-password')).toBe('fail: set-password takes 1 words.');
    expect(existsSync(given)).toBe(false);
  });

  it('is set beside what comes next, and answered in order', async () => {
    install();
    agent.send(`1 set-password ${b64('Xk2-another-one')}\n2 set-hostname desk-a\n3 personalised\n`);
    for (const seq of [1, 2, 3]) expect(await agent.answer(seq)).toBe('ok');
    expect(readFileSync(given, 'utf8')).toBe('0|Xk2-another-one\n');
  });
});
