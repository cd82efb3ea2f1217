import type { Protocol } from '@beamdesk/hypervisor';

/** The account of every guest of ours that serves its console itself; the guest agent sets its password. */
const GENERIC_USER = 'user';

/**
 * guacd arguments by name, beside host and port (Guacamole's manual, "Configuring connections"); arguments that a version of
 * guacd does not know are left out by the bridge.
 */
export function consoleParameters(protocol: Protocol, password: string): Record<string, string> {
  if (protocol === 'vnc') return { password, 'color-depth': '24', 'clipboard-encoding': 'UTF-8' };
  return {
    username: GENERIC_USER,
    password,
    // The guest makes its certificate itself and the way to it never leaves this computer.
    ...{ security: 'tls', 'ignore-cert': 'true' },
    // The depth of the guest's screen; its size follows the page.
    ...{ 'color-depth': '24', 'resize-method': 'display-update' },
    // Our images make every other character out of this keyboard's keys, see images/desktop-rdp/keyboard.ts.
    'server-layout': 'en-us-qwerty',
    'client-name': 'Beamdesk',
    // Line breaks as the guest has them.
    'normalize-clipboard': 'unix',
    // Sound is not carried yet, and files have a way of their own.
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
