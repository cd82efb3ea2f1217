import { aMachineSpec, aPersonalisation } from '../testing/machine-spec';
import { orderOf } from './machine-order-of';
import { withOwnKeyboard } from './own-keyboard';

const order = (protocol: 'vnc' | 'rdp', keymap: string | null) => {
  const spec = aMachineSpec();
  const { port, password } = spec.console;
  return orderOf({ ...spec, image: { ...spec.image, keymap }, console: { protocol, port, password } });
};

describe('the keyboard of a plan', () => {
  const german = aPersonalisation({ keyboard: 'de' });

  it('is left out where the image has the keyboard that the page types on', () => {
    expect(withOwnKeyboard(order('vnc', '/images/one/keymap'), german)).toEqual({ ...german, keyboard: null });
  });

  it('is set in any other image, and where the guest itself takes the keys', () => {
    expect(withOwnKeyboard(order('vnc', null), german)).toEqual(german);
    expect(withOwnKeyboard(order('rdp', '/images/one/keymap'), german)).toEqual(german);
  });
});
