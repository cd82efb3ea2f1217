import { ByteReader, RfbError } from './byte-reader';
import { answerChallenge } from './vnc-authentication';

const VERSION = 'RFB 003.008\n';
const NO_AUTHENTICATION = 1;
const VNC_AUTHENTICATION = 2;
const CHALLENGE_BYTES = 16;
const SHARED = 1;
/** Size of the screen (4), pixel format (16). */
const SCREEN_BYTES = 20;
const LONGEST_NAME = 4096;

/**
 * Opens RFB 3.8 (RFC 6143, 7.1 to 7.3) beside whoever else is connected: version, security, shared ClientInit,
 * ServerInit. Throws RfbError for a console that is older, refuses, or wants another kind of authentication.
 */
export async function shakeHands(reader: ByteReader, send: (bytes: Buffer) => void, password: string): Promise<void> {
  if ((await reader.take(VERSION.length)).toString('latin1') !== VERSION) {
    throw new RfbError('NOT_RFB_3_8');
  }
  send(Buffer.from(VERSION));
  const [count] = await reader.take(1);
  const offered = await reader.take(count);
  if (offered.includes(VNC_AUTHENTICATION)) {
    send(Buffer.of(VNC_AUTHENTICATION));
    send(answerChallenge(await reader.take(CHALLENGE_BYTES), password));
  } else if (offered.includes(NO_AUTHENTICATION)) {
    send(Buffer.of(NO_AUTHENTICATION));
  } else {
    throw new RfbError('NO_COMMON_SECURITY');
  }
  if ((await reader.take(4)).readUInt32BE() !== 0) {
    throw new RfbError('NOT_AUTHENTICATED');
  }
  send(Buffer.of(SHARED));
  await reader.skip(SCREEN_BYTES);
  const nameBytes = (await reader.take(4)).readUInt32BE();
  if (nameBytes > LONGEST_NAME) {
    throw new RfbError('NAME_TOO_LONG');
  }
  await reader.skip(nameBytes);
}
