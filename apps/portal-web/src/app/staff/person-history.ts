import { ChangeDetectionStrategy, Component, inject, input, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { AuditEntryView } from '@beamdesk/contracts';
import { PeopleApi } from '../api/people.api';
import { createLoader } from '../api/loader';
import { tap } from 'rxjs';
import { Problem } from '../shell/problem';
import { DayPipe, MomentPipe } from '../shell/time.pipes';
import { auditActor, auditNote, auditTitle, auditUntil } from './audit-words';

/** What was done about one person, newest first; asked for once it is opened. */
@Component({
  selector: 'bd-person-history',
  imports: [DayPipe, MatButton, MomentPipe, Problem],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './person-history.html',
  styleUrl: './person-history.scss',
})
export class PersonHistory {
  readonly personId = input.required<string>();
  readonly name = input.required<string>();

  private readonly api = inject(PeopleApi);
  protected readonly entries = signal<readonly AuditEntryView[]>([]);
  /** Where it goes on; null: nothing older. */
  protected readonly next = signal<string | null>(null);
  protected readonly loaded = createLoader((before: string | undefined) =>
    this.api.history(this.personId(), before).pipe(
      tap(({ items, next }) => {
        this.entries.update((shown) => (before === undefined ? items : [...shown, ...items]));
        this.next.set(next);
      }),
    ),
  );
  protected readonly title = auditTitle;
  protected readonly actor = auditActor;
  protected readonly note = auditNote;
  protected readonly until = auditUntil;

  /** Anew each time it is opened: something may have been done meanwhile. */
  protected toggled(open: boolean): void {
    if (open) this.loaded.load(undefined);
  }
}
