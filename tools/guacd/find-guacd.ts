import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { confined } from '../start/confined.ts';
import { StartFault } from '../start/fault.ts';
import { onPath } from '../start/install-packages.ts';
import { unpackedProgram, unpackGuacd } from './unpack.ts';

/** A guacd that somebody else runs, or a program we start. */
export type Guacd =
  | { kind: 'running'; address: string }
  | { kind: 'program'; program: string; libraries: string | null; root: string };

/** What the setting and the machine say, before anything is downloaded. */
export function guacdSource(setting: string | undefined): 'running' | 'program' | 'private' {
  if (setting === 'private') return 'private';
  if (setting) return setting.startsWith('/') ? 'program' : 'running';
  return onPath('guacd') ? 'program' : 'private';
}

/**
 * The guacd to use: the one the setting `BEAMDESK_GUACD` gives (`HOST:PORT`, the path of a program, or `private`), else one
 * on the PATH, else Debian 11's, unpacked privately.
 */
export async function findGuacd(
  setting: string | undefined,
  options: { cache: string; news?: (line: string) => void },
): Promise<Guacd> {
  const source = guacdSource(setting);
  if (source === 'running') {
    if (!/^[^:\s]+:\d+$/.test(setting ?? '')) throw new StartFault(`BEAMDESK_GUACD must be HOST:PORT, /path/of/guacd or private, not ${setting}`);
    return { kind: 'running', address: setting ?? '' };
  }
  if (source === 'program') {
    const program = setting ?? onPath('guacd') ?? '';
    if (!existsSync(program)) throw new StartFault(`BEAMDESK_GUACD names ${program}, which does not exist`);
    return { kind: 'program', program, libraries: null, root: dirname(program) };
  }
  const root = await unpackGuacd(options);
  return { kind: 'program', root, ...unpackedProgram(root) };
}

export interface GuacdRun {
  port: number;
  uid: number | null;
  /** Writable folder of its own: FreeRDP keeps files in HOME. */
  home: string;
}

/** Argument list that runs a guacd in the foreground on loopback, as `uid` and seeing nothing but itself and its home. */
export function guacdCommand(guacd: Guacd & { kind: 'program' }, { port, uid, home }: GuacdRun): [string, ...string[]] {
  return confined({ uid, ro: [guacd.root], rw: [home], tryOver: pluginLayers(guacd), dieWithParent: true }, [
    guacd.program,
    ...['-f', '-b', '127.0.0.1', '-l', String(port), '-L', 'info'],
  ]);
}

/**
 * FreeRDP loads channel plugins, sound among them, from `/usr/lib/<triplet>/freerdp2` alone (set when it is built:
 * FREERDP_ADDIN_PATH). An unpacked guacd has its own elsewhere, so its libraries are laid over the system's.
 */
function pluginLayers({ libraries }: Guacd & { kind: 'program' }): [string, string][] {
  return libraries === null ? [] : [[libraries, join('/usr/lib', basename(libraries))]];
}

export function guacdEnvironment(guacd: Guacd & { kind: 'program' }, home: string): NodeJS.ProcessEnv {
  return {
    PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    LANG: 'C.UTF-8',
    HOME: home,
    ...(guacd.libraries ? { LD_LIBRARY_PATH: guacd.libraries } : {}),
  };
}

/** True when a guacd answers: it has to know an instruction, not only to accept the connection. */
export function guacdAnswers(host: string, port: number, withinMs = 2000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    let heard = '';
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(withinMs, () => end(false));
    socket.on('connect', () => socket.write('6.select,3.vnc;'));
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      heard += chunk;
      if (heard.length >= 6) end(heard.startsWith('4.args'));
    });
    socket.on('error', () => end(false)).on('close', () => end(false));
  });
}
