import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TestDatabase } from '../postgres/test-database';
import { TEST_SITE } from './test-site';

export interface TestEnv {
  /** Everything lies below it. */
  dir: string;
  env: Record<string, string>;
  remove(): void;
}

/** A complete set of settings in a temporary folder, every secret a file of its own. */
export function createTestEnv(port: number, database: TestDatabase, issuer: string, extra: Record<string, string> = {}): TestEnv {
  const dir = mkdtempSync(join(tmpdir(), 'beamdesk-api-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text, { mode: 0o600 });
    return join(dir, name);
  };
  const secret = (name: string, letter: string) => file(name, letter.repeat(64));
  const env = {
    PUBLIC_URL: `http://localhost:${port}`,
    API_LISTEN: `127.0.0.1:${port}`,
    INTERNAL_LISTEN: `unix:${join(dir, 'internal.sock')}`,
    INTERNAL_SECRET_FILE: secret('internal-secret', 'a'),
    DATABASE_URL: database.url,
    DATABASE_PASSWORD_FILE: database.passwordFile,
    DATA_DIR: dir,
    SITE_FILE: file('site.yaml', TEST_SITE),
    CATALOGUE_FILE: join(__dirname, '../../../../config/demo/catalogue.yaml'),
    IMAGES_DIR: join(dir, 'images'),
    SESSION_SECRET_FILE: secret('session-secret', 'b'),
    CONSOLE_KEY_FILE: secret('console-key', 'c'),
    OIDC_ISSUER: issuer,
    OIDC_CLIENT_ID: 'beamdesk',
    OIDC_CLIENT_SECRET_FILE: secret('oidc-client-secret', 'd'),
    OIDC_LABEL: 'UmbrellaID (test)',
    // No machines, unless a spec says so and brings a hypervisor.
    ROLES: 'web',
    LOG_LEVEL: 'silent',
    ...extra,
  };
  return { dir, env, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
