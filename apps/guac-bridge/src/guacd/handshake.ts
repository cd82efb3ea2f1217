import { GUACAMOLE_STATUS, violation } from './guacamole-status';
import { encodeInstruction, toAscii } from './instruction';

/** What the browser asks for: pixels and dots per inch. */
export interface DisplaySize {
  readonly width: number;
  readonly height: number;
  readonly dpi: number;
}

/** What to ask guacd for. `select` is a protocol name, or the `$…` id of a live connection to join. */
export interface HandshakeRequest {
  readonly select: string;
  readonly size: DisplaySize;
  readonly userName: string;
  readonly readOnly: boolean;
  /**
   * Connection arguments by name; those guacd does not ask for are left out, those it asks for beyond them are empty.
   */
  readonly parameters: Readonly<Record<string, string>>;
}

const IMAGE_TYPES = ['image/png', 'image/jpeg', 'image/webp'];
/**
 * Raw samples, which every browser can play (guacamole-common-js: RawAudioPlayer). guacd compares the bare type and adds
 * rate and channels itself when a sound begins (`audio,1,31.audio/L16;rate=44100,channels=2`).
 */
const AUDIO_TYPES = ['audio/L8', 'audio/L16'];
const FIRST_WITH_NAME: Version = [1, 3];

type Version = readonly [major: number, minor: number];

/**
 * The opening dialogue with guacd (Guacamole protocol reference, "Handshake phase"): `select` → `args` → `size`,
 * `audio`, `video`, `image`, `name` → `connect` → `ready`. Values are given by the names in `args`, because their
 * number and order change with guacd's version. Holds no socket: text in, text out.
 */
export class Handshake {
  private argsSeen = false;
  private id: string | null = null;

  constructor(private readonly request: HandshakeRequest) {}

  /** Id of the connection, by which others join it; null until guacd is ready. */
  get connectionId(): string | null {
    return this.id;
  }

  /** The first instruction to send. */
  open(): string {
    return encodeInstruction('select', this.request.select);
  }

  /**
   * Takes an instruction of guacd's and returns what to send in answer, empty for nothing.
   * Throws ProtocolViolation, with guacd's own status where it sent `error`.
   */
  receive([opcode, ...values]: readonly string[]): string {
    switch (opcode) {
      case 'args':
        return this.answer(values);
      case 'ready':
        return this.ready(values[0]);
      case 'error':
        throw violation(errorStatus(values), 'GUACD_ERROR');
      case 'nop':
      case 'sync':
        return '';
      default:
        throw violation(GUACAMOLE_STATUS.UPSTREAM_ERROR, 'GUACD_HANDSHAKE');
    }
  }

  private answer(names: readonly string[]): string {
    if (this.argsSeen) {
      throw violation(GUACAMOLE_STATUS.UPSTREAM_ERROR, 'GUACD_HANDSHAKE');
    }
    this.argsSeen = true;
    const { size, userName, parameters, readOnly } = this.request;
    const all: Record<string, string> = { ...parameters, ...(readOnly ? { 'read-only': 'true' } : {}) };
    const version = versionOf(names[0]);
    const values = names.map((name, index) =>
      index === 0 && version ? name : Object.hasOwn(all, name) ? all[name] : '',
    );
    return [
      encodeInstruction('size', String(size.width), String(size.height), String(size.dpi)),
      encodeInstruction('audio', ...AUDIO_TYPES),
      encodeInstruction('video'),
      encodeInstruction('image', ...IMAGE_TYPES),
      version && atLeast(version, FIRST_WITH_NAME) ? encodeInstruction('name', toAscii(userName)) : '',
      encodeInstruction('connect', ...values),
    ].join('');
  }

  private ready(id: string | undefined): string {
    if (!this.argsSeen || !id) {
      throw violation(GUACAMOLE_STATUS.UPSTREAM_ERROR, 'GUACD_HANDSHAKE');
    }
    this.id = id;
    return '';
  }
}

/** Status of an `error` instruction's arguments; guacd's text is not for people. */
export function errorStatus(values: readonly string[]): number {
  const status = Number(values[1]);
  return Number.isInteger(status) && status > 0 && status <= 0xffff ? status : GUACAMOLE_STATUS.UPSTREAM_ERROR;
}

/** `VERSION_1_3_0` → [1, 3]; null where guacd (before 1.1) names no version. */
function versionOf(name: string | undefined): Version | null {
  const match = /^VERSION_(\d+)_(\d+)_\d+$/.exec(name ?? '');
  return match ? [Number(match[1]), Number(match[2])] : null;
}

function atLeast([major, minor]: Version, [wantedMajor, wantedMinor]: Version): boolean {
  return major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
}
