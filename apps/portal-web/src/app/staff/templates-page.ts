import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { SessionStore } from '../api/session.store';
import { Problem } from '../shell/problem';
import { SiteTabs } from '../site/site-tabs';
import { TemplatesTable } from './templates-table';
import { templatesSummary } from './template-words';
import { TemplatesStore } from './templates.store';

/** How the prepared copies stand, host by host. For STAFF, SUPPORT and ADMIN; Rebuild is the ADMIN's. */
@Component({
  selector: 'bd-templates-page',
  imports: [Problem, SiteTabs, TemplatesTable],
  providers: [TemplatesStore],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="bd-page">
      <bd-site-tabs />
      <h1 tabindex="-1">Templates</h1>
      <p class="bd-lead">
        Desktops saved at their session, from which launches are copied. While one is missing, launches boot from scratch.
      </p>
      @if (store.list.error(); as error) {
        <div class="gap"><bd-problem [message]="error" [busy]="store.list.loading()" (retry)="store.load()" /></div>
      }
      @if (store.items(); as items) {
        <p class="summary" role="status">{{ summary() }}</p>
        @for (host of hosts(); track host.id) {
          <section [attr.aria-labelledby]="'host-' + host.id">
            <h2 [id]="'host-' + host.id"><span class="bd-muted">Host</span> {{ host.id }}</h2>
            <bd-templates-table [templates]="host.templates" [admin]="session.admin()" />
          </section>
        } @empty {
          <div class="bd-card empty">
            <h2>No template yet</h2>
            <p>
              A host makes one for each image and flavour on offer, one after the other. None has spoken of any: is a
              worker running, and is a plan on offer?
            </p>
          </div>
        }
      } @else if (!store.list.error()) {
        <div class="bd-card wait" role="status">
          <span class="bd-sr-only">Loading the templates</span>
          <i class="bd-skeleton"></i><i class="bd-skeleton"></i><i class="bd-skeleton"></i>
        </div>
        @if (store.list.slow()) {
          <p class="slow" role="status">This takes longer than usual. Still waiting …</p>
        }
      }
    </section>
  `,
  styles: `
    .gap {
      margin-top: 20px;
    }
    .summary {
      margin: 18px 0 0;
      font-weight: 560;
    }
    .summary::first-letter {
      text-transform: uppercase;
    }
    h2 {
      margin: 22px 0 10px;
      overflow-wrap: anywhere;
    }
    h2 .bd-muted {
      font-weight: 450;
    }
    .empty,
    .wait {
      display: grid;
      gap: 12px;
      margin-top: 24px;
      padding: 28px 24px;
    }
    .empty h2,
    .empty p {
      max-width: 68ch;
      margin: 0;
    }
    .empty p {
      color: var(--bd-muted);
    }
    .wait i {
      width: 60%;
      height: 16px;
    }
    .wait i:first-of-type {
      width: 140px;
    }
    .slow {
      color: var(--bd-warn);
    }
  `,
})
export class TemplatesPage {
  protected readonly store = inject(TemplatesStore);
  protected readonly session = inject(SessionStore);
  protected readonly summary = computed(() => templatesSummary(this.store.items() ?? []));
  protected readonly hosts = computed(() => {
    const items = this.store.items() ?? [];
    return [...new Set(items.map(({ hostId }) => hostId))].map((id) => ({
      id,
      templates: items.filter(({ hostId }) => hostId === id),
    }));
  });
}
