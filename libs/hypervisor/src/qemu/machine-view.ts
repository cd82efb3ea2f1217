import { Machine } from '../machine';
import { MachineLink } from './machine-link';
import { MachineRecord } from './record';

/** A machine as the port shows it. */
export function viewOf(record: MachineRecord, on: boolean, link: MachineLink | null): Machine {
  const { order, process, personalised } = record;
  const told = on && personalised !== null && personalised.bootId === link?.bootId;
  return {
    id: order.id,
    installation: order.installation,
    ref: process ? `pid ${process.pid} since ${process.startTime}` : 'no process',
    phase: on ? 'on' : 'off',
    createdAt: new Date(record.createdAt),
    endpoints: [{ protocol: order.console.protocol, host: '127.0.0.1', port: order.console.port }],
    session: on ? (link?.session ?? 'unknown') : 'unknown',
    sessionLost: on && (link?.sessionLost ?? false),
    path: record.path,
    coldReason: record.coldReason,
    personalised: told,
    exit: on ? null : (record.exit ?? 'crashed'),
    notice: record.notice,
  };
}
