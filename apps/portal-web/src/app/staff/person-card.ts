import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { HeldRole, PersonForStaff } from '@beamdesk/contracts';
import { DayPipe, MomentPipe } from '../shell/time.pipes';
import { ROLE_NAMES } from './decision-words';
import { PersonHistory } from './person-history';
import { restsOn } from './role-words';

/** One person with what they hold and held, and what may be done about it. */
@Component({
  selector: 'bd-person-card',
  imports: [DayPipe, MatButton, MomentPipe, PersonHistory],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './person-card.html',
  styleUrl: './person-card.scss',
})
export class PersonCard {
  readonly person = input.required<PersonForStaff>();
  /** Of this facility, for their names. */
  readonly beamlines = input.required<readonly { id: string; name: string }[]>();
  readonly grants = output();
  readonly changes = output<HeldRole>();
  readonly ends = output<HeldRole>();

  protected readonly names = ROLE_NAMES;
  protected readonly restsOn = restsOn;

  /** Of which beamlines somebody is staff. */
  protected scope({ role, beamlines }: HeldRole): string {
    if (role !== 'STAFF') return '';
    if (beamlines === null) return 'of all beamlines';
    return `of ${beamlines.map((id) => this.beamlines().find((one) => one.id === id)?.name ?? id).join(', ')}`;
  }
}
