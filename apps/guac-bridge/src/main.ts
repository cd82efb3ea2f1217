import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import { pino } from 'pino';
import { BridgeServer } from './bridge-server';
import { Closings } from './closings';
import { InternalApi } from './internal-api';
import { LIMITS } from './limits';
import { SessionOpener } from './session-opener';
import { readSettings, SettingsError } from './settings';
import { TicketRedeemer } from './ticket-redeemer';

const NAME_LENGTH = 60;

async function main(): Promise<void> {
  const settings = readSettings(process.env);
  const log = pino({ level: settings.logLevel });
  const name = `${hostname().slice(0, NAME_LENGTH)}-${process.pid}-${randomBytes(3).toString('hex')}`;
  const api = new InternalApi(settings.internal, settings.internalSecret, LIMITS.redeem);
  const server = new BridgeServer(settings, new SessionOpener(api, new TicketRedeemer(api, name), settings.guacd), log);
  const closings = new Closings(settings.internal, settings.internalSecret, name, (closing) =>
    server.endSession(closing),
  );
  const address = await server.listen(settings.listen);
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
