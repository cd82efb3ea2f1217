import { DOCUMENT, Injectable, effect, inject, signal } from '@angular/core';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'beamdesk.theme';

/** Light, dark or as the system says; kept in localStorage, as the way to show desktops is, and nothing else. */
@Injectable({ providedIn: 'root' })
export class ThemeStore {
  private readonly document = inject(DOCUMENT);
  private readonly storage = safeStorage(this.document);
  private readonly chosen = signal<Theme>(asTheme(this.storage?.getItem(KEY)));

  readonly theme = this.chosen.asReadonly();

  constructor() {
    effect(() => {
      const theme = this.chosen();
      if (theme === 'system') delete this.document.documentElement.dataset['theme'];
      else this.document.documentElement.dataset['theme'] = theme;
    });
  }

  choose(theme: Theme): void {
    this.chosen.set(theme);
    if (theme === 'system') this.storage?.removeItem(KEY);
    else this.storage?.setItem(KEY, theme);
  }
}

function asTheme(value: string | null | undefined): Theme {
  return value === 'light' || value === 'dark' ? value : 'system';
}

/** Reading `localStorage` throws where the browser forbids it; the choice then lasts as long as the page. */
function safeStorage(document: Document): Storage | undefined {
  try {
    return document.defaultView?.localStorage;
  } catch {
    return undefined;
  }
}
