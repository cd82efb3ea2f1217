/**
 * The demo's identity provider, "UmbrellaID (demo)": an ordinary OIDC provider at `${PUBLIC_URL}/oidc` whose people are those
 * of DEMO_PEOPLE_FILE and have no passwords. OIDC_ISSUER, OIDC_CALLBACK_PATH and OIDC_LABEL make it another one beside that. Refuses to run unless PUBLIC_URL names a loopback host.
 */
import { demoIdentities } from './identities/server.ts';
import { readSettings } from './identities/settings.ts';

try {
  const settings = readSettings(process.env);
  const server = demoIdentities(settings);
  const { host, port } = settings.listen;
  server.on('error', (error) => giveUp(error));
  server.listen(port, host, () => console.log(`${settings.label} listens on ${host}:${port}`));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      server.close();
      server.closeAllConnections();
    });
  }
} catch (error) {
  giveUp(error);
}

function giveUp(error: unknown): never {
  console.error(`demo identities: ${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
