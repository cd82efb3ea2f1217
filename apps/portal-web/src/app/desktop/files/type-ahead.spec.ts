import { TypeAhead } from './type-ahead';

describe('TypeAhead', () => {
  const names = ['apple', 'Scan 1', 'scan 2', 'table'];
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  function type(word: string, current: number): number | undefined {
    const typed = new TypeAhead();
    return [...word].reduce<number | undefined>((at, letter) => typed.find(letter, names, at ?? current), current);
  }

  it('goes to what begins with the letters, whatever their case', () => {
    expect(type('t', 0)).toBe(3);
    expect(type('SCAN 2', 0)).toBe(2);
    expect(type('x', 0)).toBeUndefined();
  });

  it('goes on and round with one letter after a pause', () => {
    const typed = new TypeAhead();
    const visited = [0, 1, 2].map(() => {
      jest.advanceTimersByTime(1000);
      return typed.find('s', names, 1);
    });
    expect(visited).toEqual([2, 2, 2]);
    jest.advanceTimersByTime(1000);
    expect(typed.going).toBe(false);
    expect(typed.find('s', names, 2)).toBe(1);
    expect(typed.going).toBe(true);
  });
});
