import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PROGRAM = join(__dirname, '../../../tools/postgres.ts');

/**
 * A PostgreSQL of its own for the databases of `createTestApp`, by `tools/postgres.ts`: it ends with us, whatever ends us.
 * @returns what ends it
 */
export async function startPostgres(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'beamdesk-bench-'));
  const child = spawn(process.execPath, [PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const line = await Promise.race([once(child.stdout, 'data'), exited.then(() => null)]);
  if (line === null) throw new Error('PostgreSQL did not start');
  const { url } = JSON.parse(String(line[0])) as { url: string };
  const { username, password, host } = new URL(url);
  process.env['TEST_POSTGRES_URL'] = `postgresql://${username}@${host}`;
  process.env['TEST_POSTGRES_PASSWORD_FILE'] = join(folder, 'password');
  writeFileSync(join(folder, 'password'), decodeURIComponent(password), { mode: 0o600 });
  return async () => {
    child.stdin.end();
    await exited;
    rmSync(folder, { recursive: true, force: true });
  };
}
