import { ChangeDetectionStrategy, Component, computed, inject, input, linkedSignal, signal } from '@angular/core';
import type { Role } from '@beamdesk/contracts';
import { Clock } from '../api/clock';
import { ROLE_WORDS, dayOf, endOfDay, inOneYear, tomorrow } from './decision-words';

/** A role as it is to be granted. */
export interface WantedRole {
  readonly role: Role;
  /** ISO 8601; null: without an end. */
  readonly until: string | null;
  /** Of STAFF; null: all. */
  readonly beamlines: string[] | null;
}

/** Which role, of which beamlines, until when: a part of every form that grants one. */
@Component({
  selector: 'bd-role-fields',
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './role-fields.html',
  styleUrl: './form.scss',
  styles: `
    :host {
      display: grid;
      gap: 14px;
    }
  `,
})
export class RoleFields {
  /** That may be granted. */
  readonly roles = input.required<readonly Role[]>();
  readonly beamlines = input.required<readonly { id: string; name: string }[]>();
  /** What stands now, where that is to be changed; its role stays. */
  readonly start = input<WantedRole | null>(null);

  private readonly now = inject(Clock).now();
  protected readonly words = ROLE_WORDS;
  protected readonly earliest = tomorrow(this.now);
  protected readonly picked = signal<Role | undefined>(undefined);
  protected readonly role = computed(() => this.start()?.role ?? this.picked() ?? this.roles()[0] ?? 'USER');
  protected readonly endless = linkedSignal(() => this.start()?.until === null);
  protected readonly until = linkedSignal(() => {
    const until = this.start()?.until;
    return until ? dayOf(until) : inOneYear(this.now);
  });
  protected readonly chosen = linkedSignal<ReadonlySet<string>>(() => new Set(this.start()?.beamlines ?? []));

  /** What was chosen; a string says what is lacking. */
  value(): WantedRole | string {
    const until = this.endless() ? null : endOfDay(this.until());
    if (until !== null && !(Date.parse(until) > this.now)) return 'Choose a day in the future.';
    const beamlines = this.role() === 'STAFF' && this.chosen().size > 0 ? [...this.chosen()] : null;
    return { role: this.role(), until, beamlines };
  }

  protected choose(id: string, wanted: boolean): void {
    this.chosen.update((all) => new Set(wanted ? [...all, id] : [...all].filter((one) => one !== id)));
  }

  protected asRole(value: string): void {
    this.picked.set(this.roles().find((one) => one === value));
  }
}
