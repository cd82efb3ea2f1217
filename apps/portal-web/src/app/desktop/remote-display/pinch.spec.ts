import { Pinch, PinchMove } from './pinch';

describe('Pinch', () => {
  let element: HTMLElement;
  let pinch: Pinch;
  let wanted: boolean;
  let moves: PinchMove[];
  let others: string[];

  beforeEach(() => {
    element = document.createElement('div');
    const inner = element.appendChild(document.createElement('div'));
    wanted = true;
    moves = [];
    others = [];
    pinch = new Pinch(
      element,
      () => wanted,
      (move) => moves.push(move),
    );
    ['touchstart', 'touchmove'].forEach((type) => inner.addEventListener(type, () => others.push(type)));
  });

  function fingers(type: string, ...places: [number, number][]): Event {
    const touches = places.map(([clientX, clientY]) => ({ clientX, clientY }));
    const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), { touches });
    element.firstElementChild?.dispatchEvent(event);
    return event;
  }

  it('tells how far two fingers went apart, and where their middle went', () => {
    fingers('touchstart', [100, 100]);
    fingers('touchstart', [100, 100], [200, 100]);
    const move = fingers('touchmove', [90, 120], [290, 120]);
    expect(moves).toEqual([{ factor: 2, right: 40, down: 20, clientX: 190, clientY: 120 }]);
    expect(move.defaultPrevented).toBe(true);
    expect(others).toEqual(['touchstart', 'touchstart', 'touchmove']);
  });

  it('leaves one finger, three and unwanted ones to others', () => {
    fingers('touchmove', [1, 1]);
    fingers('touchmove', [1, 1], [2, 2], [3, 3]);
    wanted = false;
    fingers('touchmove', [1, 1], [9, 9]);
    expect([moves, others]).toEqual([[], ['touchmove', 'touchmove', 'touchmove']]);
  });

  it('starts anew with each pair of fingers', () => {
    fingers('touchstart', [0, 0], [10, 0]);
    fingers('touchend', [0, 0]);
    fingers('touchstart', [0, 0], [100, 0]);
    fingers('touchmove', [0, 0], [110, 0]);
    expect(moves.map(({ factor }) => factor)).toEqual([1.1]);
  });

  it('goes on until a single finger touches anew', () => {
    const going = [pinch.going];
    for (const [type, ...places] of [
      ['touchstart', [0, 0]],
      ['touchstart', [0, 0], [10, 0]],
      ['touchend', [0, 0]],
      ['touchend'],
      ['touchstart', [0, 0]],
    ] as [string, ...[number, number][]][]) {
      fingers(type, ...places);
      going.push(pinch.going);
    }
    expect(going).toEqual([false, false, true, true, true, false]);
  });

  it('bears fingers in the same place', () => {
    fingers('touchstart', [5, 5], [5, 5]);
    fingers('touchmove', [5, 5], [7, 5]);
    expect(moves.map(({ factor }) => factor)).toEqual([2]);
  });
});
