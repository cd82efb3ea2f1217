import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MAT_DIALOG_DATA, MatDialogActions, MatDialogContent, MatDialogRef, MatDialogTitle } from '@angular/material/dialog';
import type { FlavourView, PlanAdminView, PlansView } from '@beamdesk/contracts';
import { forkJoin } from 'rxjs';
import { ImagesApi } from '../api/images.api';
import { createLoader } from '../api/loader';
import { PlansApi } from '../api/plans.api';
import { amount } from '../quotas/resource-words';
import { Problem } from '../shell/problem';
import { ListWait } from '../staff/list-wait';
import { idFrom, leadingOf } from './image-words';
import { PlacesFields } from './places-fields';
import { newPlanOf, planOf, valueLines } from './plan-values';
import { Saving } from './save-dialog';

/** The plan to change, undefined: a new one; and where plans may be offered. */
export interface PlanQuestion {
  readonly plan: PlanAdminView | undefined;
  readonly places: Pick<PlansView, 'beamlines' | 'techniques'>;
}

/** Makes or changes a plan; closes with true once that is done. */
@Component({
  selector: 'bd-plan-dialog',
  imports: [ListWait, MatButton, MatDialogActions, MatDialogContent, MatDialogTitle, PlacesFields, Problem],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './plan-dialog.html',
  styleUrl: '../staff/form.scss',
  styles: `
    summary {
      width: fit-content;
      color: var(--bd-muted);
      font-weight: 530;
      cursor: pointer;
    }
    .more {
      display: grid;
      gap: 14px;
      padding-top: 12px;
    }
    .pair {
      align-items: end;
    }
    label > .hint {
      font-weight: 400;
    }
  `,
})
export class PlanDialog {
  private readonly api = inject(PlansApi);
  private readonly images = inject(ImagesApi);
  protected readonly question = inject<PlanQuestion>(MAT_DIALOG_DATA);
  protected readonly plan = this.question.plan;
  protected readonly saving = new Saving(inject<MatDialogRef<PlanDialog, boolean>>(MatDialogRef));
  protected readonly choices = createLoader(() =>
    forkJoin({ images: this.images.list(), flavours: this.api.flavours() }),
  );
  protected readonly name = signal(this.plan?.name ?? '');
  protected readonly ownId = signal<string | undefined>(undefined);
  protected readonly id = computed(() => this.ownId() ?? idFrom(this.name()));
  protected readonly image = signal(this.plan?.image ?? '');
  /** That the version which would be launched, or the newest, lets plans set. */
  protected readonly values = computed(() => {
    const image = this.choices.value()?.images.items.find(({ id }) => id === this.image());
    return (image && leadingOf(image)?.setup?.values) ?? [];
  });
  protected readonly bootValues = valueLines(this.plan?.bootScript?.values ?? {});

  constructor() {
    this.choices.load(undefined);
  }

  protected flavourWords({ id, vcpus, memoryMib, diskMib, gpus }: FlavourView): string {
    const parts = [`${vcpus} vCPU${vcpus === 1 ? '' : 's'}`, amount('memoryMib', memoryMib), `${amount('storageMib', diskMib)} disk`];
    return `${id}: ${[...parts, ...(gpus === 0 ? [] : [`${gpus} GPU${gpus === 1 ? '' : 's'}`])].join(', ')}`;
  }

  protected send(form: HTMLFormElement): void {
    const [fields, { plan }] = [new FormData(form), this];
    if (plan) void this.saving.save(planOf(fields), (change) => this.api.changePlan(plan.id, change));
    else void this.saving.save(newPlanOf(fields), (wish) => this.api.makePlan(wish));
  }
}
