import { Personalisation } from '../machine';
import { MachineOrder } from './machine-order';

/**
 * What a machine is told of its person: no keyboard where its image brings the one keyboard that the page types on and QEMU's keymap is for
 * (docs/decisions/0010). Any other layout in the guest would make other characters of the same keys.
 */
export function withOwnKeyboard({ image, console }: MachineOrder, what: Personalisation): Personalisation {
  return image.keymap !== null && console.protocol === 'vnc' ? { ...what, keyboard: null } : what;
}
