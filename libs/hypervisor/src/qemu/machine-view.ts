import { Machine } from '../machine';
import { MachineLink } from './machine-link';
import { MachineRecord } from './record';

/** Of a guest that has nobody to tell it anything. */
const NO_AGENT =
  'This desktop cannot tell the portal when it is ready, so that is a guess; your data and your scratch folder are not in it.';

/** A machine as the port shows it. */
export function viewOf(record: MachineRecord, on: boolean, link: MachineLink | null): Machine {
  const { order, process, personalised } = record;
  const session = on ? (link?.session ?? 'unknown') : 'unknown';
  const { agent } = order.image;
  const told = agent ? on && personalised !== null && personalised.bootId === link?.bootId : session === 'up';
  return {
    id: order.id,
    installation: order.installation,
    ref: process ? `pid ${process.pid} since ${process.startTime}` : 'no process',
    phase: on ? 'on' : 'off',
    createdAt: new Date(record.createdAt),
    endpoints: [{ protocol: order.console.protocol, host: '127.0.0.1', port: order.console.port }],
    session,
    sessionLost: on && (link?.sessionLost ?? false),
    path: record.path,
    coldReason: record.coldReason,
    personalised: told,
    exit: on ? null : (record.exit ?? 'crashed'),
    notice: record.notice ?? (agent ? null : NO_AGENT),
  };
}
