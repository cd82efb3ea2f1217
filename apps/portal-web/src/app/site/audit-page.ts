import { ChangeDetectionStrategy, Component, computed, effect, inject, signal, untracked } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { MatButton } from '@angular/material/button';
import { ActivatedRoute, Router, RouterLink } from '@angular/router';
import type { AuditEntryView } from '@beamdesk/contracts';
import { tap } from 'rxjs';
import { AuditApi, auditFile } from '../api/audit.api';
import { createLoader } from '../api/loader';
import { Icon } from '../shell/icon';
import { Problem } from '../shell/problem';
import { AUDIT_KINDS, auditNote, auditTitle } from '../staff/audit-words';
import { ListWait } from '../staff/list-wait';
import { AuditAddress, auditAddressOf, auditFiltersOf, auditParamsOf } from './audit-query';
import { SiteTabs } from './site-tabs';

const MOMENT = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });

/** What was done, by whom, about whom. For ADMIN. */
@Component({
  selector: 'bd-audit-page',
  imports: [Icon, ListWait, MatButton, Problem, RouterLink, SiteTabs],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './audit-page.html',
  styleUrl: './audit-page.scss',
})
export class AuditPage {
  private readonly api = inject(AuditApi);
  private readonly router = inject(Router);
  private readonly route = inject(ActivatedRoute);
  private readonly params = toSignal(this.route.queryParamMap, { initialValue: this.route.snapshot.queryParamMap });
  protected readonly kinds = AUDIT_KINDS;
  protected readonly title = auditTitle;
  protected readonly note = auditNote;
  protected readonly address = computed(() => auditAddressOf(this.params()));
  protected readonly file = computed(() => {
    const filters = auditFiltersOf(this.address());
    return { csv: auditFile(filters, 'csv'), jsonl: auditFile(filters, 'jsonl') };
  });
  protected readonly narrowed = computed(() => Object.values(this.address()).some((value) => value !== ''));
  /** Undefined until the ones that are wanted are there. */
  protected readonly entries = signal<readonly AuditEntryView[] | undefined>(undefined);
  /** Where it goes on; null: nothing older. */
  protected readonly next = signal<string | null>(null);
  protected readonly loader = createLoader(({ address, before }: { address: AuditAddress; before?: string }) =>
    this.api.page(auditFiltersOf(address), before).pipe(
      tap(({ items, next }) => {
        this.entries.update((shown) => (before === undefined ? items : [...(shown ?? []), ...items]));
        this.next.set(next);
      }),
    ),
  );
  /** Whom it is narrowed to, by a name that is on the page. */
  protected readonly person = computed(() => {
    const { person } = this.address();
    const known = (this.entries() ?? [])
      .flatMap(({ actor, subject }) => [actor, subject])
      .find((one) => one?.id === person);
    return known?.name ?? 'one person';
  });

  constructor() {
    effect(() => {
      const address = this.address();
      untracked(() => {
        this.entries.set(undefined);
        this.loader.load({ address });
      });
    });
  }

  protected ask(change: Partial<AuditAddress>): void {
    const queryParams = auditParamsOf({ ...this.address(), ...change });
    void this.router.navigate([], { relativeTo: this.route, queryParams });
  }

  protected clear(): void {
    this.ask({ kind: '', person: '', from: '', to: '', q: '' });
  }

  protected earlier(before: string): void {
    this.loader.load({ address: this.address(), before });
  }

  protected moment(iso: string): string {
    return MOMENT.format(new Date(iso));
  }

  protected name(who: AuditEntryView['actor']): string {
    return who === null ? 'the portal' : (who.name ?? 'somebody whose account is gone');
  }

  /** Each detail in words; lists in lines. */
  protected details({ details }: AuditEntryView): { name: string; value: string }[] {
    return Object.entries(details)
      .filter(([, value]) => value !== null && value !== '')
      .map(([name, value]) => ({
        name: name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`),
        value: Array.isArray(value)
          ? value.join('\n')
          : typeof value === 'object'
            ? JSON.stringify(value)
            : String(value),
      }));
  }
}
