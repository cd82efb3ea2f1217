import type { Protocol } from '@beamdesk/hypervisor';

/** guacd arguments by name, beside host and port; arguments that a version of guacd does not know are left out by the bridge. */
export function consoleParameters(protocol: Protocol, password: string): Record<string, string> {
  if (protocol === 'vnc') return { password, 'color-depth': '24', 'clipboard-encoding': 'UTF-8' };
  return { password, 'ignore-cert': 'true', 'resize-method': 'display-update' };
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
