import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { SessionStore } from '../api/session.store';
import { Contact } from './contact';

@Component({
  selector: 'bd-footer',
  imports: [RouterLink, Contact],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (facility().name) {
      <footer>
        <span>{{ facility().name }}</span>
        @if (facility().contact) {
          <span>Help: <bd-contact [address]="facility().contact" /></span>
        }
        @if (session.admitted()) {
          <a routerLink="/software">Software</a>
        }
        @if (session.authorised()) {
          <a routerLink="/conditions">Conditions of Usage</a>
        }
      </footer>
    }
  `,
  styles: `
    footer {
      display: flex;
      flex-wrap: wrap;
      gap: 4px 24px;
      max-width: 1120px;
      margin: 0 auto;
      padding: 20px 24px;
      color: var(--bd-muted);
      font-size: 0.85rem;
    }
    a {
      color: inherit;
    }
    @media (max-width: 640px) {
      footer {
        padding: 16px 16px 88px;
      }
    }
  `,
})
export class Footer {
  protected readonly session = inject(SessionStore);
  protected readonly facility = computed(() => this.session.facility());
}
