import type { Protocol } from '@beamdesk/hypervisor';

/** What guacd's VNC library takes from QEMU, best first. None that brings entries of its own (compression, quality) along. */
const VNC_ENCODINGS = ['zrle', 'copyrect', 'hextile', 'raw'];
/** Names that the library sends at most, all kinds together, and those it appends up to `NewFBSize`: 3 for the cursor, 1 for lamps, 1. */
const MOST_ENCODINGS = 64;
const APPENDED = 5;

/**
 * A list that leaves no room behind `NewFBSize`, by saying its last name over and over. What would come next is
 * `ExtendedDesktopSize`: libvncclient 0.9.14 and 0.9.15 ask for it, and then ignore a new size of a screen with the id 0, which is what
 * QEMU calls its own (https://github.com/LibVNC/libvncserver/issues/640). A larger screen then ends the session, a smaller one is never
 * seen. By `NewFBSize` alone both come through.
 */
function vncEncodings(): string {
  const last = Array.from({ length: MOST_ENCODINGS - APPENDED - VNC_ENCODINGS.length }, () => 'raw');
  return [...VNC_ENCODINGS, ...last].join(' ');
}

/** The account of every guest of ours that serves its console itself; the guest agent sets its password. */
const GENERIC_USER = 'user';

/**
 * guacd arguments by name, beside host and port (Guacamole's manual, "Configuring connections"); arguments that a version of
 * guacd does not know are left out by the bridge.
 */
export function consoleParameters(protocol: Protocol, password: string): Record<string, string> {
  if (protocol === 'vnc') {
    return { password, 'color-depth': '24', 'clipboard-encoding': 'UTF-8', encodings: vncEncodings() };
  }
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
    // Files have a way of their own. Sound is on by itself; a guacd without its plugins goes on without it.
    ...{ 'enable-drive': 'false', 'enable-printing': 'false' },
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
