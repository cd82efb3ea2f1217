const STYLE = 'position:absolute;inset:0 auto auto 0;width:1px;height:1px;padding:0;border:0;opacity:0;resize:none;';

/**
 * The element that has the focus while the desktop has the keyboard: a text field nobody sees, because only a text
 * field gets dead keys, input methods and a tablet's on-screen keyboard.
 */
export class KeyboardSink {
  readonly element: HTMLElement;
  private readonly field: HTMLTextAreaElement;

  /** `onLeave` is called when the focus goes: keys still held must not stay held in the desktop. */
  constructor(frame: HTMLElement, onLeave: () => void) {
    const { ownerDocument } = frame;
    this.element = ownerDocument.createElement('div');
    this.element.className = 'bd-remote-keyboard';
    this.element.tabIndex = -1;
    this.field = ownerDocument.createElement('textarea');
    this.field.setAttribute(
      'aria-label',
      'Keyboard of the remote desktop. Ctrl, Alt and Shift together lead to the toolbar.',
    );
    this.field.setAttribute('autocapitalize', 'off');
    this.field.setAttribute('autocomplete', 'off');
    this.field.setAttribute('autocorrect', 'off');
    this.field.setAttribute('spellcheck', 'false');
    this.field.style.cssText = STYLE;
    this.element.append(this.field);
    frame.append(this.element);
    this.element.addEventListener('focusout', onLeave);
    this.field.addEventListener('input', (event) => this.clear(event));
    this.field.addEventListener('compositionend', () => (this.field.value = ''));
  }

  focus(how: 'pointer' | 'typing'): void {
    (how === 'typing' ? this.field : this.element).focus({ preventScroll: true });
  }

  remove(): void {
    this.element.remove();
  }

  private clear(event: Event): void {
    if (!(event as InputEvent).isComposing) {
      this.field.value = '';
    }
  }
}
