import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { until } from './installation';

const ENTRY = resolve(import.meta.dirname, '../../tools/demo-identities.ts');
const SECRET = 'a secret of the second provider, forty chars';

/** Somebody at the second provider. */
export interface SecondPerson {
  id: string;
  subject: string;
  name: string;
  email: string;
  about: string;
  groups?: string[];
}

/** The demo's provider once more, as another one: "My institute", with people and an address of its own. */
export class SecondProvider {
  static readonly ID = 'institute';
  static readonly LABEL = 'My institute';
  private child: ChildProcess | null = null;

  private constructor(
    private readonly folder: string,
    private readonly port: number,
  ) {}

  static async prepare(people: SecondPerson[]): Promise<SecondProvider> {
    const folder = mkdtempSync(join(tmpdir(), 'beamdesk-second-provider-'));
    // The portal's services have ids of their own.
    chmodSync(folder, 0o755);
    writeFileSync(join(folder, 'people.yaml'), JSON.stringify({ people }));
    writeFileSync(join(folder, 'client.secret'), SECRET);
    return new SecondProvider(folder, await freePort());
  }

  /** Another host name than the portal's, so that their cookies are apart. */
  get issuer(): string {
    return `http://127.0.0.1:${this.port}/oidc`;
  }

  /** Starts it for the portal at that address. @returns the portal's settings */
  start(portal: string): Record<string, string> {
    const at = (name: string) => join(this.folder, name);
    const claims = { groups: 'groups' };
    const entry = {
      id: SecondProvider.ID,
      label: SecondProvider.LABEL,
      issuer: this.issuer,
      clientId: 'beamdesk',
      claims,
    };
    writeFileSync(
      at('providers.yaml'),
      JSON.stringify({ providers: [{ ...entry, clientSecretFile: 'client.secret' }] }),
    );
    const env = {
      PUBLIC_URL: portal,
      OIDC_LISTEN: `127.0.0.1:${this.port}`,
      OIDC_ISSUER: this.issuer,
      OIDC_CALLBACK_PATH: `/api/auth/callback/${SecondProvider.ID}`,
      OIDC_LABEL: SecondProvider.LABEL,
      OIDC_CLIENT_ID: 'beamdesk',
      OIDC_CLIENT_SECRET_FILE: at('client.secret'),
      OIDC_KEYS_FILE: at('keys.json'),
      DEMO_PEOPLE_FILE: at('people.yaml'),
    };
    this.child ??= spawn(process.execPath, [ENTRY], { env: { PATH: process.env['PATH'], ...env }, stdio: 'inherit' });
    return { IDENTITY_PROVIDERS_FILE: at('providers.yaml') };
  }

  ready(): Promise<boolean> {
    const answers = () =>
      fetch(`${this.issuer}/.well-known/openid-configuration`).then(
        ({ ok }) => ok,
        () => false,
      );
    return until(answers, 30_000, () => 'the second provider');
  }

  stop(): void {
    this.child?.kill('SIGTERM');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (typeof address !== 'object' || !address) throw new Error('no free port');
  return address.port;
}
