import { TestBed } from '@angular/core/testing';
import { DesktopStore } from './desktop.store';
import { DesktopSound } from './line-sound';
import { SoundButton } from './line-sound-button';

describe('SoundButton', () => {
  it('is there once there is sound, and mutes this connection and the next', () => {
    const sound = new DesktopSound();
    const done: string[] = [];
    const connection = (name: string) => ({ mute: (muted: boolean) => void done.push(`${name} ${muted}`) });
    TestBed.configureTestingModule({ providers: [{ provide: DesktopStore, useValue: { sound } }] });
    const fixture = TestBed.createComponent(SoundButton);
    const button = () => {
      fixture.detectChanges();
      return (fixture.nativeElement as HTMLElement).querySelector('button');
    };
    sound.connected(connection('first'));
    expect(button()).toBeNull();
    sound.began();
    expect(button()?.getAttribute('aria-pressed')).toBe('false');
    button()?.click();
    expect(button()?.getAttribute('aria-pressed')).toBe('true');
    sound.connected(connection('second'));
    sound.began();
    button()?.click();
    expect(done).toEqual(['first true', 'second true', 'second false']);
  });
});
