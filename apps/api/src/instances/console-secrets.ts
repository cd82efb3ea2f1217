import { createCipheriv, createDecipheriv, randomBytes, randomInt } from 'node:crypto';
import type { Protocol } from '@beamdesk/hypervisor';

const FORMAT = 1;
const IV_BYTES = 12;
const TAG_BYTES = 16;
const ALPHABET = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789';

/** VNC counts 8 characters and ignores the rest (RFB 3.8, 7.2.2). */
const LENGTH: Record<Protocol, number> = { vnc: 8, rdp: 24 };

/**
 * Makes console passwords and keeps them encrypted in the database (AES-256-GCM), so that any replica of the api can answer
 * a redeem. The instance's id is authenticated with the ciphertext: a secret copied into another row does not open.
 */
export class ConsoleSecrets {
  constructor(
    /** 32 bytes, from CONSOLE_KEY_FILE. */
    private readonly key: Buffer,
  ) {
    if (key.length !== 32) throw new Error(`the console key must hold 32 bytes, holds ${key.length}`);
  }

  newPassword(protocol: Protocol): string {
    return Array.from({ length: LENGTH[protocol] }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  }

  /** Layout: format (1 byte), iv (12), tag (16), ciphertext. */
  seal(instanceId: string, password: string): Buffer {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv).setAAD(Buffer.from(instanceId));
    const body = Buffer.concat([cipher.update(password, 'utf8'), cipher.final()]);
    return Buffer.concat([Buffer.of(FORMAT), iv, cipher.getAuthTag(), body]);
  }

  /** @throws Error when the secret was made with another key, for another instance, or was changed. */
  open(instanceId: string, sealed: Buffer): string {
    if (sealed.length < 1 + IV_BYTES + TAG_BYTES || sealed[0] !== FORMAT)
      throw new Error('not a sealed console secret');
    const iv = sealed.subarray(1, 1 + IV_BYTES);
    const tag = sealed.subarray(1 + IV_BYTES, 1 + IV_BYTES + TAG_BYTES);
    const decipher = createDecipheriv('aes-256-gcm', this.key, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(Buffer.from(instanceId)).setAuthTag(tag);
    const body = sealed.subarray(1 + IV_BYTES + TAG_BYTES);
    return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
  }
}
