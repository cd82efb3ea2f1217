import { MachineSpec } from '../machine';
import { refused } from './launcher/refusals';
import { MachineOrder, machineOrder } from './machine-order';

/** The spec without its secret, checked. @throws MachineRefused */
export function orderOf(spec: MachineSpec): MachineOrder {
  const { password, ...console } = spec.console;
  const order = machineOrder.safeParse({ ...spec, console });
  if (!order.success) throw refused('start-failed', order.error.message);
  if (password === '' || (console.protocol === 'vnc' && console.port < 5900)) {
    throw refused('start-failed', 'a console needs a password, and VNC a port of 5900 or above');
  }
  return order.data;
}
