import { createCipheriv } from 'node:crypto';

const KEY_BYTES = 8;

/**
 * The answer to a challenge of VNC authentication (RFC 6143, 7.2.2): DES with the password as key, cut or filled with
 * zeros to 8 bytes, the bits of each byte in reverse order. Single DES is in OpenSSL's legacy provider; three times the
 * same key makes triple DES the same thing.
 */
export function answerChallenge(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(KEY_BYTES);
  Buffer.from(password, 'latin1').copy(key);
  const reversed = key.map(reverseBits);
  const cipher = createCipheriv('des-ede3-ecb', Buffer.concat([reversed, reversed, reversed]), null);
  cipher.setAutoPadding(false);
  return Buffer.concat([cipher.update(challenge), cipher.final()]);
}

function reverseBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) {
    reversed = (reversed << 1) | ((byte >> bit) & 1);
  }
  return reversed;
}
