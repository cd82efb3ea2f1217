import { KEYSYM } from './remote-display';

const STYLE = 'position:absolute;inset:0 auto auto 0;width:1px;height:1px;padding:0;border:0;opacity:0;resize:none;';
/** Kept in the field: an on-screen keyboard does not tell of a deletion where there is nothing to delete. */
const PADDING = '\u200b\u200b';
/** What on-screen keyboards do to a field instead of pressing a key. */
const EDITS: Readonly<Record<string, number>> = {
  deleteContentBackward: KEYSYM.BACKSPACE,
  deleteWordBackward: KEYSYM.BACKSPACE,
  deleteContentForward: KEYSYM.DELETE,
  insertLineBreak: KEYSYM.RETURN,
  insertParagraph: KEYSYM.RETURN,
};

/** What the field hears besides real keys. */
export interface SinkListener {
  /** Text that no key stands for: composed, dictated, or from an on-screen keyboard. */
  text(text: string): void;
  /** A key that an on-screen keyboard only shows by what it does to the field. */
  key(keysym: number): void;
  /** The focus goes: keys still held must not stay held in the desktop. */
  left(): void;
}

/**
 * The element that has the focus while the desktop has the keyboard: a text field nobody sees, because only a text
 * field gets dead keys, input methods and a tablet's on-screen keyboard. Keys it has the default prevented for leave no
 * trace in it; what arrives as text is told once, when it is composed.
 */
export class KeyboardSink {
  readonly element: HTMLElement;
  private readonly field: HTMLTextAreaElement;

  constructor(
    frame: HTMLElement,
    private readonly listener: SinkListener,
  ) {
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
    this.element.addEventListener('focusout', () => this.listener.left());
    this.field.addEventListener('beforeinput', (event) => this.edit(event));
    this.field.addEventListener('input', (event) => this.typed(event as InputEvent));
    this.field.addEventListener('compositionend', (event) => this.composed(event));
    this.empty();
  }

  focus(how: 'pointer' | 'typing'): void {
    (how === 'typing' ? this.field : this.element).focus({ preventScroll: true });
  }

  remove(): void {
    this.element.remove();
  }

  /** While composing, deletions are the input method's own. */
  private edit(event: InputEvent): void {
    const keysym = EDITS[event.inputType];
    if (event.isComposing || keysym === undefined) return;
    event.preventDefault();
    this.listener.key(keysym);
  }

  /** Not heard by Guacamole, which listens to either input or composition, whichever came first. */
  private typed(event: InputEvent): void {
    event.stopPropagation();
    if (event.isComposing) return;
    // Some browsers send the composed text once more, as an input, after its composition ended.
    const again = event.inputType === 'insertFromComposition' || event.inputType === 'insertCompositionText';
    if (event.data && !again) this.listener.text(event.data);
    this.empty();
  }

  private composed(event: CompositionEvent): void {
    event.stopPropagation();
    if (event.data) this.listener.text(event.data);
    this.empty();
  }

  private empty(): void {
    this.field.value = PADDING;
    this.field.setSelectionRange(PADDING.length - 1, PADDING.length - 1);
  }
}
