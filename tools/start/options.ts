import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { StartFault } from './fault.ts';

const DEFAULT_PORT = 8080;

export const HELP = `npm start -- [--port N] [--data DIR] [--stop-desktops]

Checks and installs what is missing, builds, and starts Beamdesk on this machine: one origin, one folder.

  --port N          port of the one origin, on loopback       (BEAMDESK_PORT, default ${DEFAULT_PORT})
  --data DIR        folder that keeps everything              (BEAMDESK_DATA, default data/ in the checkout)
  --stop-desktops   ends the desktops that run in this folder and starts nothing
  --help            shows this

Further settings
  DATABASE_URL, DATABASE_PASSWORD_FILE   a PostgreSQL >= 15 of yours instead of the embedded one
  BEAMDESK_GUACD         HOST:PORT of a guacd that runs, the path of a guacd program, or "private" (own unpack)
  SITE_FILE, CATALOGUE_FILE              other descriptions of the site and its proposals (YAML)
  IDENTITY_PROVIDERS_FILE                identity providers beside the demo's own (YAML)
  LOCAL_ACCOUNTS         on: accounts of our own may sign in, made by npm run identity (default off)
  CATALOGUES_FILE                        the catalogues of the site, ICAT and SciCat among them (YAML)
  ACCELERATOR            auto, kvm or tcg                     (default auto: KVM once it is proved to run a guest)
  TEMPLATES              on, or off: every desktop boots, none is copied (default on)
  FILES_LIMIT_MIB        largest file that may be sent to a desktop, MiB; 0: none at all (default 20480)
  SMTP_URL, MAIL_FROM      a mail server of this machine and the sender of mails (default: none are sent)
  MEMBERSHIP_MAX_AGE_MINUTES  while a catalogue is down: how old a membership it confirmed may be (default 240)
  BEAMDESK_UID_BASE      first of the numeric ids that services run as when root starts them (default 64100)
  LOG_LEVEL              trace, debug, info, warn, error      (default info)

Ctrl-C stops the services; desktops run on and the next start on the same folder finds them.`;

export interface Options {
  help: boolean;
  stopDesktops: boolean;
  port: number;
  /** Absolute path. */
  data: string;
}

/** Reads the command line and its environment; relative folders are relative to where the command was typed. */
export function readOptions(argv: string[], env: NodeJS.ProcessEnv, checkout: string): Options {
  let values;
  try {
    ({ values } = parseArgs({
      args: argv,
      options: {
        port: { type: 'string' },
        data: { type: 'string' },
        'stop-desktops': { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }));
  } catch (error) {
    throw new StartFault(`${(error as Error).message}; see npm start -- --help`);
  }
  const port = values.port ?? env['BEAMDESK_PORT'] ?? '';
  const data = values.data ?? env['BEAMDESK_DATA'] ?? '';
  return {
    help: values.help ?? false,
    stopDesktops: values['stop-desktops'] ?? false,
    port: port === '' ? DEFAULT_PORT : readPort(port),
    data: data === '' ? resolve(checkout, 'data') : resolve(env['INIT_CWD'] ?? process.cwd(), data),
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new StartFault(`--port must be 1 to 65535, not ${text}`);
  return port;
}
