import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatMenu, MatMenuItem, MatMenuTrigger } from '@angular/material/menu';
import { RouterLink, RouterLinkActive } from '@angular/router';
import { SessionStore } from '../api/session.store';
import { SignOut } from '../auth/sign-out';
import { ConnectionNote } from './connection-note';
import { Icon } from './icon';
import { Pages } from './pages';
import { Theme, ThemeStore } from './theme.store';

const THEMES: readonly { theme: Theme; label: string }[] = [
  { theme: 'system', label: 'As the system' },
  { theme: 'light', label: 'Light' },
  { theme: 'dark', label: 'Dark' },
];

/** Name, pages, the state of the push connection, theme and account. */
@Component({
  selector: 'bd-top-bar',
  imports: [RouterLink, RouterLinkActive, MatMenu, MatMenuItem, MatMenuTrigger, Icon, ConnectionNote],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './top-bar.html',
  styleUrl: './top-bar.scss',
})
export class TopBar {
  protected readonly pages = inject(Pages).shown;
  protected readonly themes = THEMES;
  protected readonly session = inject(SessionStore);
  protected readonly theme = inject(ThemeStore);
  protected readonly account = inject(SignOut);
  protected readonly initials = computed(() => initialsOf(this.session.user()?.name ?? ''));
}

/** On narrow screens the pages stand at the bottom, where the thumb is. */
@Component({
  selector: 'bd-bottom-navigation',
  imports: [RouterLink, RouterLinkActive, Icon],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <nav aria-label="Pages, bottom">
      @for (page of pages(); track page.path) {
        <a [routerLink]="page.path" routerLinkActive="active" ariaCurrentWhenActive="page">
          <bd-icon [name]="page.icon" />{{ page.label }}
        </a>
      }
    </nav>
  `,
  styleUrl: './bottom-navigation.scss',
})
export class BottomNavigation {
  protected readonly pages = inject(Pages).shown;
}

function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  return [words.at(0), words.length > 1 ? words.at(-1) : undefined].map((word) => word?.at(0) ?? '').join('');
}
