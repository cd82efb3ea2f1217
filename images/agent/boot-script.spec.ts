import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { AgentUnderTest, b64 } from './agent-harness';

const pieces = (text: string, size: number): string[] =>
  Array.from({ length: Math.ceil(text.length / size) }, (_, at) => text.slice(at * size, (at + 1) * size));

describe.each(['dash', 'busybox'] as const)('a boot script, under %s', (shell) => {
  let agent: AgentUnderTest;
  let seq = 0;
  const ask = (command: string): Promise<string> => agent.ask(++seq, command);
  const log = (): string => readFileSync(join(agent.run, 'boot-script.log'), 'utf8');

  /** Sends it all, in pieces of so many characters, and runs it. */
  const run = async (script: string, values: Record<string, unknown> | null = null, seconds = 20): Promise<string> => {
    expect(await ask('script-begin')).toBe('ok');
    if (values) for (const piece of pieces(JSON.stringify(values), 700)) await ask(`values ${b64(piece)}`);
    for (const piece of pieces(script, 700)) expect(await ask(`script-chunk ${b64(piece)}`)).toBe('ok');
    return ask(`script-run ${seconds}`);
  };

  beforeEach(async () => {
    agent = new AgentUnderTest(shell);
    await agent.connect();
    await agent.line(/^hello 1 [0-9a-f-]{36}$/);
  });
  afterEach(() => agent.end());

  it('runs with the values and the person’s environment, and keeps both to root', async () => {
    const person = { person: { id: 'a', name: 'Ada O’Hara' }, proposal: { key: 'k', name: 'MX/1', title: 't' } };
    expect(await ask(`person ${b64(JSON.stringify(person))}`)).toBe('ok');
    const script =
      'printf "%s|" "$BEAMDESK_VALUE_SITE" "$BEAMDESK_VALUE_A_B2" "$BEAMDESK_PERSON" "$BEAMDESK_DATA" "$0"\n';
    expect(await run(script, { site: 'Lund', a_b2: '' })).toBe('ok');
    expect(log()).toBe(`Lund||Ada O’Hara|/data/MX_1|${agent.run}/boot-script|`);
    for (const file of ['boot-script', 'boot-script.log', 'values.json', 'values.environment']) {
      expect(statSync(join(agent.run, file)).mode & 0o077).toBe(0);
    }
  });

  it('takes hostile values as text', async () => {
    const hostile = `'; touch pwned; '$(touch pwned)\`touch pwned\`\n"x" \\n \\' * é 🙂 \t \u0001 \u007f end'`;
    const script = '#!/bin/sh\nprintf "%s" "$BEAMDESK_VALUE_V"\n';
    expect(await run(script, { v: hostile })).toBe('ok');
    expect(log()).toBe(hostile);
    expect(existsSync(join(agent.folder, 'pwned')) || existsSync(join(agent.folder, 'root/pwned'))).toBe(false);
  });

  it('refuses values that are not one object of texts', async () => {
    for (const values of [
      { 'A b': 'x' },
      { 'x=1;reboot': 'y' },
      { x: { y: 'z' } },
      { x: ['y', 'z'] },
      { x: 1 },
      { '': 'x' },
    ]) {
      expect(await run('touch ran', values)).toBe('fail: The values are not the JSON that was agreed.');
    }
    expect(existsSync(join(agent.folder, 'root/ran'))).toBe(false);
    expect(await ask('values ****')).toBe('fail: The piece is not base64.');
  });

  it('runs a text that succeeded once only, and another again', async () => {
    expect(await run('echo again >> "$OLDPWD/runs" || exit 1')).toBe('ok');
    expect(await ask('script-run 5')).toBe('ok');
    expect(await run('echo again >> "$OLDPWD/runs" || exit 1')).toBe('ok');
    const ran = (): number => readFileSync(join(agent.folder, 'runs'), 'utf8').split('\n').length - 1;
    expect(ran()).toBe(1);
    expect(await run('echo other >> "$OLDPWD/runs"; exit 3')).toBe('fail: The script ended with 3: ');
    expect(await run('echo other >> "$OLDPWD/runs"; exit 3')).toBe('fail: The script ended with 3: ');
    expect(ran()).toBe(3);
  });

  it('says the exit code and the last line of one that fails, and kills with all it started one that takes too long', async () => {
    expect(await run('echo one; echo "No disk’s left" >&2; exit 7')).toBe(
      'fail: The script ended with 7: No disk’s left',
    );
    const marker = join(agent.folder, 'late');
    const slow = `(sleep 2; touch '${marker}') & sleep 60`;
    expect(await run(slow, null, 1)).toBe('fail: The script took longer than 1 seconds.');
    await new Promise((resolve) => setTimeout(resolve, 1500));
    expect(existsSync(marker)).toBe(false);
    expect(await run('exit 0', null, 1)).toBe('ok');
  }, 20_000);

  it('leaves what a script started running, but not with the port', async () => {
    expect(
      await run(`(sleep 0.3; ls -l /proc/self/fd > '${agent.folder}/open'; touch '${agent.folder}/after') &`),
    ).toBe('ok');
    const end = Date.now() + 5000;
    while (!existsSync(join(agent.folder, 'after')) && Date.now() < end) await new Promise((r) => setTimeout(r, 20));
    const open = readFileSync(join(agent.folder, 'open'), 'utf8');
    expect(open).toContain('boot-script.log');
    expect(open).not.toMatch(new RegExp(`${agent.folder}/(in|out|run/.*fifo)$`, 'm'));
  });

  it('begins anew, and takes no more than it can hold', async () => {
    expect(await ask('script-chunk QQ==')).toBe('fail: No script was begun.');
    expect(await ask('script-run 5')).toBe('fail: There is no script.');
    expect(await run('exit 4')).toBe('fail: The script ended with 4: ');
    expect(await ask('script-begin')).toBe('ok');
    expect(readFileSync(join(agent.run, 'boot-script'), 'utf8')).toBe('');
    expect(await ask('script-chunk A')).toBe('fail: The piece is not base64.');
    expect(await ask('script-begin')).toBe('ok');
    for (let at = 0; at < 22; at++) expect(await ask(`script-chunk ${b64('x'.repeat(2970))}`)).toBe('ok');
    expect(await ask(`script-chunk ${b64('x'.repeat(2970))}`)).toBe('fail: That is more than 64 KiB.');
    for (const seconds of ['0', '05', '-1', '1.5', '99999', 'x']) {
      expect(await ask(`script-run ${seconds}`)).toBe('fail: The time is 1 to 9999 seconds.');
    }
  });
});
