import { TestBed } from '@angular/core/testing';
import { Router, provideRouter } from '@angular/router';
import { NotFoundPage } from '../shell/not-found-page';
import { Attention } from './attention';

describe('Attention', () => {
  let attention: Attention;
  let button: HTMLButtonElement;
  let field: HTMLInputElement;

  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
    TestBed.configureTestingModule({ providers: [provideRouter([{ path: '**', component: NotFoundPage }])] });
    attention = TestBed.inject(Attention);
    [button, field] = [document.createElement('button'), document.createElement('input')];
    document.body.append(button, field);
    button.focus();
  });
  afterEach(() => {
    jest.useRealTimers();
    document.body.replaceChildren();
  });

  it('stays with the click, also when the clicked button is gone', () => {
    const stays = attention.note();
    expect(stays()).toBe(true);
    button.remove();
    expect(stays()).toBe(true);
  });

  it('has turned away with the focus', () => {
    const stays = attention.note();
    field.focus();
    expect(stays()).toBe(false);
  });

  it('has turned away with another page', async () => {
    const stays = attention.note();
    const going = TestBed.inject(Router).navigateByUrl('/quotas');
    await jest.advanceTimersByTimeAsync(1);
    await going;
    expect(stays()).toBe(false);
  });

  it('goes with the last of several clicks', () => {
    const [first, second] = [attention.note(), attention.note()];
    expect([first(), second()]).toEqual([false, true]);
  });

  it('does not last for ever', () => {
    const stays = attention.note();
    jest.advanceTimersByTime(10_000);
    expect(stays()).toBe(true);
    jest.advanceTimersByTime(1);
    expect(stays()).toBe(false);
  });
});
