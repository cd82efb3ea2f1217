import { z } from 'zod';
import { MachineRefused } from '../errors';
import { refused } from './launcher/refusals';
import { QmpClient } from './qmp-client';

const vncAnswer = z.object({
  enabled: z.boolean(),
  host: z.string().optional(),
  service: z.string().optional(),
  auth: z.string().optional(),
});

/**
 * Gives the display its password and checks that the port reserved for this machine is served by this very process, on loopback only,
 * behind a password. RDP is served and guarded by the guest.
 */
export async function secureConsole(
  qmp: QmpClient,
  console: { protocol: 'vnc' | 'rdp'; port: number },
  password: string,
): Promise<void> {
  if (console.protocol !== 'vnc') return;
  await qmp.execute('set_password', { protocol: 'vnc', password });
  const vnc = vncAnswer.parse(await qmp.execute('query-vnc'));
  const right = vnc.enabled && vnc.host === '127.0.0.1' && vnc.service === String(console.port) && vnc.auth === 'vnc';
  if (!right) throw refused('port-taken', `VNC is at ${vnc.host}:${vnc.service} (${vnc.auth}), wanted port ${console.port}`);
}

/** Why QEMU ended before it answered, from its last words. */
export function startFailure(id: string, log: string): MachineRefused {
  const taken = /Address already in use|Could not set up host forwarding rule/i.test(log);
  const memory = /cannot (?:set up guest|allocate) memory/i.test(log);
  return refused(taken ? 'port-taken' : memory ? 'no-memory' : 'start-failed', `${id}: ${log || 'ended without a word'}`);
}
