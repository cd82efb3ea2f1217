import { BootScript, DisplaySize, GuestMount, NfsMount, Personalisation } from '../machine';
import { refused } from './launcher/refusals';
import { guestAddressOf } from './nfs-ways';

/** Both directions, line end included. */
export const LONGEST_AGENT_LINE = 4096;

/** What the guest may say; anything else is noise. */
export type AgentWord =
  | { kind: 'ok'; seq: number }
  | { kind: 'fail'; seq: number; message: string }
  | { kind: 'hello'; bootId: string }
  | { kind: 'session'; session: 'starting' | 'up' }
  | { kind: 'alive' };

/** Free text on the wire: base64, `-` when empty. */
export const encodeText = (text: string) => Buffer.from(text, 'utf8').toString('base64') || '-';

/** Reads a line of the guest, which may be anything; null = not a word we know. Control characters never get through. */
export function parseAgentLine(line: string): AgentWord | null {
  if (line.length >= LONGEST_AGENT_LINE) return null;
  const seen = /^(?:(ok) (\d{1,10})|(fail) (\d{1,10}) ([A-Za-z0-9+/]{1,1024}={0,2}|-)|(hello) 1 ([A-Za-z0-9-]{1,64})|(session) (starting|up)|(alive))$/.exec(line);
  if (!seen) return null;
  if (seen[1]) return { kind: 'ok', seq: Number(seen[2]) };
  if (seen[3]) return { kind: 'fail', seq: Number(seen[4]), message: decodeText(seen[5]) };
  if (seen[6]) return { kind: 'hello', bootId: seen[7] };
  if (seen[8]) return { kind: 'session', session: seen[9] === 'up' ? 'up' : 'starting' };
  return { kind: 'alive' };
}

const decodeText = (word: string) =>
  word === '-' ? '' : Buffer.from(word, 'base64').toString('utf8').replace(/[\p{Cc}\p{Cf}]/gu, ' ').slice(0, 300);

/** How long a plan's boot script may run. */
export const SCRIPT_SECONDS = 60;
/** Of a longer text per line, so that the line stays within its limit as base64. */
const CHUNK_BYTES = 2700;

/** The commands that make a machine somebody's, in order, each without its number. `personalised` follows when all are done. */
export function personaliseCommands(machine: string, what: Personalisation, now: Date, nfs: NfsMount[] = []): string[] {
  const { person, proposal, keyboard, consolePassword } = what;
  return [
    `set-clock ${Math.floor(now.getTime() / 1000)}`,
    `identity ${machine.replaceAll('-', '')}`,
    `set-timezone ${encodeText(what.timeZone)}`,
    `set-hostname ${hostname(what.hostname)}`,
    ...(keyboard === null ? [] : [`set-keyboard ${encodeText(keyboard)}`]),
    ...(consolePassword === null ? [] : [`set-password ${encodeText(consolePassword)}`]),
    `person ${encodeText(JSON.stringify({ person, proposal: shortened(proposal) }))}`,
    ...what.mounts.map((mount) => mountCommand(mount, nfs)),
  ];
}

/** By 9p where nothing is said, also for the agents of images from before there was anything else. */
function mountCommand({ tag, guestPath, readOnly, kind }: GuestMount, nfs: NfsMount[]): string {
  if (kind !== 'nfs') return `mount ${tag} ${encodeText(guestPath)} ${readOnly ? 'ro' : 'rw'}${kind === 'virtiofs' ? ' virtiofs' : ''}`;
  const mount = nfs.find((each) => each.tag === tag);
  if (!mount || !readOnly) throw refused('mount-failed', mount ? `${tag}: NFS is for reading only` : `this machine has no way to an NFS server for ${tag}`);
  return `mount-nfs ${guestAddressOf(mount.server, nfs)} ${encodeText(mount.exportPath)} ${encodeText(guestPath)}`;
}

/** The commands that run a plan's boot script, after the others. */
export function scriptCommands({ text, values }: BootScript): string[] {
  const chunks = (command: string, whole: string) => {
    const bytes = Buffer.from(whole, 'utf8');
    const count = Math.ceil(bytes.length / CHUNK_BYTES);
    return Array.from({ length: count }, (_, at) => {
      return `${command} ${bytes.subarray(at * CHUNK_BYTES, (at + 1) * CHUNK_BYTES).toString('base64')}`;
    });
  };
  return [
    'script-begin',
    ...chunks('values', JSON.stringify(values)),
    ...chunks('script-chunk', text),
    `script-run ${SCRIPT_SECONDS}`,
  ];
}

/** The command that gives the X screen a size, without its number. */
export function displayCommand({ width, height }: DisplaySize): string {
  if (![width, height].every((side) => Number.isSafeInteger(side) && side > 0)) throw new Error(`no size: ${width}x${height}`);
  return `set-display ${width} ${height}`;
}

/** A word of the line protocol must not bring blanks or lines of its own. */
function hostname(name: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(name)) throw new Error(`not a host name: ${JSON.stringify(name)}`);
  return name;
}

/** Titles can be long; a line cannot. */
const shortened = (proposal: Personalisation['proposal']) => ({ ...proposal, title: [...proposal.title].slice(0, 300).join('') });
