import type * as GuacamoleTypes from 'guacamole-common-js';
import { Guacamole } from './guacamole';
import { TouchMode } from './remote-display';

const POINTER = ['mousedown', 'mousemove', 'mouseup'];

/** What pointers do to the desktop. */
interface PointersListener {
  /** Fingers press nothing for now. */
  muted(): boolean;
  send(state: GuacamoleTypes.Mouse.State): void;
  /** A pointer of this type went down on the picture. */
  down(pointerType: string): void;
}

/** Mouse and fingers on the picture of a desktop. */
export class Pointers {
  private mode: TouchMode = 'touchscreen';

  constructor(
    private readonly display: GuacamoleTypes.Display,
    { muted, send, down }: PointersListener,
  ) {
    const element = display.getElement();
    const mouse = new Guacamole.Mouse(element);
    const stateOf = (event: GuacamoleTypes.Event) => (event as GuacamoleTypes.Mouse.Event).state;
    mouse.onEach(POINTER, (event) => send(stateOf(event)));
    const fromFinger = (event: GuacamoleTypes.Event): void => {
      const state = stateOf(event);
      // Letting go is always told: nothing may stay pressed.
      const presses = state.left || state.middle || state.right || state.up || state.down;
      if (!presses || !muted()) send(state);
    };
    // Both hear every finger, since neither can be told to stop; only one is listened to.
    new Guacamole.Mouse.Touchscreen(element).onEach(
      POINTER,
      (event) => this.mode === 'touchscreen' && fromFinger(event),
    );
    new Guacamole.Mouse.Touchpad(element).onEach(POINTER, (event) => {
      if (this.mode !== 'touchpad') return;
      display.showCursor(true);
      fromFinger(event);
    });
    mouse.on('mouseout', () => display.showCursor(false));
    display.oncursor = (canvas, x, y) => display.showCursor(!mouse.setCursor(canvas, x, y));
    // A press moves the focus to the nearest focusable ancestor (the page's main) after our handlers, unless it is told not to.
    element.addEventListener('mousedown', (event) => event.preventDefault());
    element.addEventListener('pointerdown', ({ pointerType }) => down(pointerType));
  }

  /** How fingers move the pointer from now on. */
  touch(mode: TouchMode): void {
    this.mode = mode;
    this.display.showCursor(mode === 'touchpad');
  }
}
