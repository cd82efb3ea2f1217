import type { InstanceView } from '@beamdesk/contracts';

/** Whether this member sees the desktop and can change nothing in it. Only what to show; the api decides with every request. */
export function looksOn({ role }: Pick<InstanceView, 'role'>): boolean {
  return role === 'GUEST' || role === 'SUPPORT';
}
