import { Personalisation } from '../machine';

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

/** The commands that make a machine somebody's, in order; each without its number. */
export function personaliseCommands(what: Personalisation, now: Date): string[] {
  const { person, proposal } = what;
  return [
    `set-clock ${Math.floor(now.getTime() / 1000)}`,
    `set-timezone ${encodeText(what.timeZone)}`,
    `set-hostname ${hostname(what.hostname)}`,
    `person ${encodeText(JSON.stringify({ person, proposal: shortened(proposal) }))}`,
    ...what.mounts.map(({ tag, guestPath, readOnly }) => `mount ${tag} ${encodeText(guestPath)} ${readOnly ? 'ro' : 'rw'}`),
    'personalised',
  ];
}

/** A word of the line protocol must not bring blanks or lines of its own. */
function hostname(name: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/i.test(name)) throw new Error(`not a host name: ${JSON.stringify(name)}`);
  return name;
}

/** Titles can be long; a line cannot. */
const shortened = (proposal: Personalisation['proposal']) => ({ ...proposal, title: [...proposal.title].slice(0, 300).join('') });
