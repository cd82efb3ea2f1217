import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

/** The checkout this file belongs to. */
export const CHECKOUT = dirname(dirname(import.meta.dirname));

/** Where everything of one Beamdesk lies: absolute paths, all below its data folder. */
export interface Layout {
  data: string;
  /** One folder per service, owned by it, 0700; its files 0600. */
  secrets: string;
  postgres: string;
  machines: string;
  /** Desktops saved to be copied. */
  templates: string;
  scratch: string;
  proposals: string;
  images: string;
  /** Sockets and pid files. */
  run: string;
  logs: string;
}

export function layoutOf(data: string): Layout {
  const at = (name: string) => join(data, name);
  return {
    data,
    secrets: at('secrets'),
    postgres: at('postgres'),
    machines: at('machines'),
    templates: at('templates'),
    scratch: at('scratch'),
    proposals: at('proposals'),
    images: at('images'),
    run: at('run'),
    logs: at('logs'),
  };
}

/** What can be made again, by content: `${XDG_CACHE_HOME:-~/.cache}/beamdesk`. */
export function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'beamdesk');
}
