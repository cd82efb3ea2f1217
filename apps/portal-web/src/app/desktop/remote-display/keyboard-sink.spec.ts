import { KeyboardSink } from './keyboard-sink';

describe('KeyboardSink', () => {
  let heard: string[];
  let field: HTMLTextAreaElement;
  let sink: KeyboardSink;

  beforeEach(() => {
    heard = [];
    const frame = document.createElement('div');
    document.body.append(frame);
    sink = new KeyboardSink(frame, {
      text: (text) => heard.push(`text ${text}`),
      key: (keysym) => heard.push(`key ${keysym.toString(16)}`),
      left: () => heard.push('left'),
    });
    ['input', 'compositionend'].forEach((type) => frame.addEventListener(type, () => heard.push(`passed on ${type}`)));
    field = frame.querySelector('textarea') as HTMLTextAreaElement;
  });
  afterEach(() => document.body.replaceChildren());

  function input(inputType: string, data: string | null, isComposing = false): InputEvent {
    const init = { inputType, data, isComposing, bubbles: true, cancelable: true };
    const before = new InputEvent('beforeinput', init);
    if (field.dispatchEvent(before)) {
      field.value += data ?? '';
      field.dispatchEvent(new InputEvent('input', init));
    }
    return before;
  }
  const compose = (data: string) =>
    field.dispatchEvent(new CompositionEvent('compositionend', { data, bubbles: true }));

  it('tells composed text once, when it is composed', () => {
    input('insertCompositionText', 'に', true);
    input('insertCompositionText', 'にほ', true);
    expect(heard).toEqual([]);
    compose('日本');
    expect(heard).toEqual(['text 日本']);
  });

  it('tells it once also where the browser sends an input after the composition', () => {
    input('insertCompositionText', '´', true);
    compose('é');
    input('insertFromComposition', 'é');
    expect(heard).toEqual(['text é']);
  });

  it('goes on hearing plain text after a composition, and the other way round', () => {
    input('insertText', 'A');
    compose('é');
    input('insertText', 'ok');
    expect(heard).toEqual(['text A', 'text é', 'text ok']);
  });

  it('says nothing for a composition that was given up', () => {
    input('insertCompositionText', 'x', true);
    compose('');
    expect(heard).toEqual([]);
  });

  it('takes what an on-screen keyboard deletes or breaks for keys', () => {
    const edits = ['deleteContentBackward', 'deleteContentForward', 'insertLineBreak'].map((type) => input(type, null));
    expect(heard).toEqual(['key ff08', 'key ffff', 'key ff0d']);
    expect(edits.map(({ defaultPrevented }) => defaultPrevented)).toEqual([true, true, true]);
  });

  it('leaves deletions to an input method while it composes', () => {
    input('deleteContentBackward', null, true);
    expect(heard).toEqual([]);
  });

  it('always holds something that can be deleted on either side, and never what was typed', () => {
    const around = () => [field.selectionStart > 0, field.selectionStart < field.value.length, field.value.length];
    const before = around();
    expect(before).toEqual([true, true, 2]);
    input('insertText', 'secret');
    expect(around()).toEqual(before);
    expect(field.value).not.toContain('secret');
  });

  it('tells that the focus goes', () => {
    sink.focus('typing');
    expect(document.activeElement).toBe(field);
    field.blur();
    expect(heard).toEqual(['left']);
  });
});
