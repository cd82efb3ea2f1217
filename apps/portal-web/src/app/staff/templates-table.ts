import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatDialog } from '@angular/material/dialog';
import { MatProgressBar } from '@angular/material/progress-bar';
import type { TemplateView } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { Clock } from '../api/clock';
import { amount } from '../quotas/resource-words';
import { StopDialog, StopQuestion } from '../resources/stop-dialog';
import { ago } from '../shell/durations';
import { MomentPipe } from '../shell/time.pipes';
import { buildTime, flavourWords, inTheMaking, templateRemark, templateStateWords, templateTone } from './template-words';
import { TemplatesStore, idOf } from './templates.store';

/** A host speaks of its templates every few seconds; after this silence its states are only the last known ones. */
const SILENT_MS = 120_000;

/** The templates of one host: a table, and cards where there is no room for one. */
@Component({
  selector: 'bd-templates-table',
  imports: [MatButton, MatProgressBar, MomentPipe],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './templates-table.html',
  styleUrl: './templates-table.scss',
})
export class TemplatesTable {
  readonly templates = input.required<readonly TemplateView[]>();
  /** Rebuild is offered. */
  readonly admin = input(false);

  protected readonly store = inject(TemplatesStore);
  private readonly dialog = inject(MatDialog);
  private readonly clock = inject(Clock);

  protected readonly id = idOf;
  protected readonly flavour = flavourWords;
  protected readonly tone = templateTone;
  protected readonly words = templateStateWords;
  protected readonly inTheMaking = inTheMaking;
  protected readonly remark = templateRemark;
  protected readonly buildTime = buildTime;
  protected readonly size = (mib: number) => amount('storageMib', mib);

  protected since({ stateSince }: TemplateView): string {
    return ago(this.clock.now() - Date.parse(stateSince));
  }

  protected silent({ observedAt }: TemplateView): boolean {
    return this.clock.now() - Date.parse(observedAt) > SILENT_MS;
  }

  /** One that waits or is being built is on its way already. */
  protected rebuildable(template: TemplateView): boolean {
    const rests = template.state === 'ready' || template.state === 'set-aside';
    return this.admin() && template.wanted && rests && !inTheMaking(template);
  }

  /** Asks first: a build takes its time and a good part of the host. */
  protected async rebuild(template: TemplateView): Promise<void> {
    const data: StopQuestion = {
      title: `Rebuild the template of ${template.imageName}?`,
      consequences: [
        'Its host boots the image once more and saves it, which takes as long as the last build and a good part of one processor.',
        template.state === 'ready'
          ? 'Running desktops stay as they are, and launches go on from the present one until the new one is ready.'
          : 'Launches boot from scratch until it is ready.',
      ],
      confirm: 'Rebuild',
      refuse: 'Leave it',
    };
    const dialog = this.dialog.open(StopDialog, { data, width: '440px', autoFocus: 'first-tabbable' });
    if ((await firstValueFrom(dialog.afterClosed())) === true) await this.store.rebuild(template);
  }
}
