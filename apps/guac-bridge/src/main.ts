import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { pino } from 'pino';
import { BridgeServer } from './bridge-server';
import { Closings } from './closings';
import { GuacdPool } from './guacd/guacd-pool';
import { InternalApi } from './internal-api';
import { LIMITS } from './limits';
import { answerOperations, httpServer, listenOn } from './operations';
import { SessionOpener } from './session-opener';
import { readSettings, SettingsError } from './settings';
import { TicketRedeemer } from './ticket-redeemer';

const NAME_LENGTH = 60;

async function main(): Promise<void> {
  // What opening thousands of sessions leaves behind would stay in memory for as long as nothing happens.
  setFlagsFromString('--semi-space-growth-factor=1');
  const settings = readSettings(process.env);
  const log = pino({ level: settings.logLevel });
  const name = `${hostname().slice(0, NAME_LENGTH)}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const api = new InternalApi(settings.internal, settings.internalSecret, LIMITS.redeem);
  const guacds = new GuacdPool(settings.guacds);
  const opener = new SessionOpener(api, new TicketRedeemer(api, name), guacds);
  const server = new BridgeServer(settings, opener, guacds, log);
  const closings = new Closings(settings.internal, settings.internalSecret, name, (closing) =>
    server.endSession(closing),
  );
  const address = await server.listen(settings.listen);
  if (settings.metricsListen) {
    await listenOn(httpServer(answerOperations(server, true)), settings.metricsListen);
  }
  server.hearsPortal = () => closings.connected;
  closings.start();
  log.info({ bridge: name, ...address }, 'listening');

  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
    if (!stopping) {
      stopping = true;
      log.info({ signal }, 'stopping');
      closings.stop();
      await server.close();
      process.exit(0);
    }
  };
  process.on('SIGTERM', (signal) => void stop(signal));
  process.on('SIGINT', (signal) => void stop(signal));
}

main().catch((error: NodeJS.ErrnoException) => {
  const line = error instanceof SettingsError || error.code ? error.message : (error.stack ?? error.message);
  process.stderr.write(`guac-bridge: ${line}\n`);
  process.exit(1);
});
