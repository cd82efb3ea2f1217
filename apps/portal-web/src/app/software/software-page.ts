import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { RouterLink } from '@angular/router';
import type { SoftwareView } from '@beamdesk/contracts';
import { createLoader } from '../api/loader';
import { SoftwareApi } from '../api/software.api';
import { Icon } from '../shell/icon';
import { Problem } from '../shell/problem';
import { ListWait } from '../staff/list-wait';
import { softwareSummary, whereWords } from './software-words';

/** Which software is where: what the desktops on offer hold, in which version, and with which plans they come. */
@Component({
  selector: 'bd-software-page',
  imports: [Icon, ListWait, MatButton, Problem, RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './software-page.html',
  styleUrls: ['../staff/people-page.scss', './software-page.scss'],
})
export class SoftwarePage {
  private readonly api = inject(SoftwareApi);
  protected readonly asked = signal('');
  protected readonly found = createLoader((q: string) => this.api.find(q));
  protected readonly where = whereWords;
  protected readonly summary = computed(() => {
    const page = this.found.value();
    return page ? softwareSummary(page, this.asked()) : '';
  });

  constructor() {
    this.look('');
  }

  protected look(q: string): void {
    this.asked.set(q);
    this.found.load(q);
  }

  protected versions({ versions }: SoftwareView): string {
    return versions.join(', ');
  }
}
