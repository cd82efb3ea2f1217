import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import { InstancesStore } from '../api/instances.store';
import { Icon } from '../shell/icon';
import { DesktopMessages } from './desktop-messages';
import { HomeCard } from './home-card';
import { ResourceCard } from './resource-card';

/** Every desktop of the person, live: nothing here is loaded, all of it is pushed. */
@Component({
  selector: 'bd-resources-page',
  imports: [MatButton, RouterLink, Icon, DesktopMessages, HomeCard, ResourceCard],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="bd-page">
      <h1 tabindex="-1">Resources</h1>
      <p class="bd-lead">The desktops you hold now. They go on when you close the browser, until you stop them or they expire.</p>
      <bd-desktop-messages />
      @if (store.loaded()) {
        <ul>
          @for (instance of store.all(); track instance.id) {
            <li><bd-resource-card [instance]="instance" /></li>
          } @empty {
            <li class="bd-card empty">
              <bd-icon name="desktop" />
              <h2>You hold nothing at the moment</h2>
              <p>
                Start a desktop from one of your proposals; it then appears here. <a routerLink="/software">Which software is where</a>
              </p>
              <a matButton="filled" routerLink="/proposals">To the proposals</a>
            </li>
          }
        </ul>
      } @else if (store.connection() === 'lost') {
        <p class="wait" role="status">
          The portal does not tell the state of your desktops just now; this page fills as soon as it is back.
        </p>
      } @else {
        <div class="bd-card skeleton" role="status">
          <span class="bd-sr-only">Loading your desktops</span>
          <i class="bd-skeleton"></i><i class="bd-skeleton"></i><i class="bd-skeleton"></i>
        </div>
      }
      <bd-home-card />
    </section>
  `,
  styles: `
    bd-desktop-messages {
      display: block;
      margin-top: 18px;
    }
    ul {
      display: grid;
      gap: 14px;
      margin: 24px 0 0;
      padding: 0;
      list-style: none;
    }
    .empty {
      display: grid;
      gap: 10px;
      justify-items: center;
      padding: 56px 24px;
      text-align: center;
    }
    .empty > bd-icon {
      color: var(--bd-muted);
      font-size: 2rem;
    }
    .empty p {
      margin: 0 0 8px;
      color: var(--bd-muted);
    }
    .wait {
      margin-top: 24px;
      color: var(--bd-warn);
    }
    .skeleton {
      display: grid;
      gap: 14px;
      margin-top: 24px;
      padding: 24px;
    }
    .skeleton i {
      width: 60%;
      height: 16px;
    }
    .skeleton i:nth-of-type(1) {
      width: 120px;
    }
  `,
})
export class ResourcesPage {
  protected readonly store = inject(InstancesStore);
}
