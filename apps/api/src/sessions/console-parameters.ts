import type { Protocol } from '@beamdesk/hypervisor';
import { serverLayout } from './rdp-keyboards';

/** The account of every guest of ours that serves its console itself; the guest agent sets its password. */
const GENERIC_USER = 'user';

/** A machine's console, as far as guacd's arguments depend on it. */
export interface ConsoleKind {
  protocol: Protocol;
  /** Of the guest, XKB; null: as its image has it. */
  keyboard: string | null;
}

/**
 * guacd arguments by name, beside host and port (Guacamole's manual, "Configuring connections"); arguments that a version of
 * guacd does not know are left out by the bridge.
 */
export function consoleParameters({ protocol, keyboard }: ConsoleKind, password: string): Record<string, string> {
  if (protocol === 'vnc') return { password, 'color-depth': '24', 'clipboard-encoding': 'UTF-8' };
  return {
    username: GENERIC_USER,
    password,
    // The guest makes its certificate itself and the way to it never leaves this computer.
    ...{ security: 'tls', 'ignore-cert': 'true' },
    // xrdp finds a session again by user and colour depth: another depth would be another desktop.
    ...{ 'color-depth': '24', 'resize-method': 'display-update' },
    'server-layout': serverLayout(keyboard),
    'client-name': 'Beamdesk',
    // Line breaks as the guest has them.
    'normalize-clipboard': 'unix',
    // Our images make no sound by RDP, and files have a way of their own.
    ...{ 'disable-audio': 'true', 'enable-drive': 'false', 'enable-printing': 'false' },
  };
}

/** Name of a member as guacd shows it: printable ASCII, because clients count other characters differently. */
export function consoleUserName(name: string): string {
  const ascii = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[^\x20-\x7e]/g, '?')
    .trim()
    .slice(0, 64);
  return ascii || 'user';
}
