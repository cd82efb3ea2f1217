import { Injectable, inject, signal } from '@angular/core';
import { Router } from '@angular/router';
import type { QuotaView } from '@beamdesk/contracts';
import { messageOf } from '../api/api-error';
import { InstancesStore } from '../api/instances.store';
import { UserMessage } from '../api/user-message';
import { DesktopChunks } from '../desktop/desktop-chunks';
import { Attention } from './attention';

interface Refusal {
  readonly problem: UserMessage;
  /** Undefined: the one that one click starts. */
  readonly plan: string | undefined;
  /** The quota it was refused under: a changed quota makes a refusal for quota void. */
  readonly quota: QuotaView | undefined;
}

/** The clicks of this tab: which launches are on their way, and which were refused and why. */
@Injectable({ providedIn: 'root' })
export class Launches {
  private readonly instances = inject(InstancesStore);
  private readonly router = inject(Router);
  private readonly attention = inject(Attention);
  private readonly chunks = inject(DesktopChunks);
  private readonly asked = signal<ReadonlyMap<string, string | undefined>>(new Map());
  private readonly refusals = signal<ReadonlyMap<string, Refusal>>(new Map());

  asking(proposalKey: string): boolean {
    return this.asked().has(proposalKey);
  }

  /** The plan that is being asked for, where it was chosen. */
  askedPlan(proposalKey: string): string | undefined {
    return this.asked().get(proposalKey);
  }

  /** The plan that was refused, where it was chosen. */
  refusedPlan(proposalKey: string): string | undefined {
    return this.refusals().get(proposalKey)?.plan;
  }

  problem(proposalKey: string): UserMessage | undefined {
    const refusal = this.refusals().get(proposalKey);
    const outdated = refusal?.problem.code === 'QUOTA_EXCEEDED' && refusal.quota !== this.instances.quota();
    return outdated ? undefined : refusal?.problem;
  }

  /**
   * Desktop, Open, Try again: asks once, then goes to the page that shows the progress and the picture, so that one click
   * is enough. Who has turned to something else meanwhile stays there and finds Watch or Enter.
   * @param plan one that was chosen; without it the one that one click starts
   */
  async launch(proposalKey: string, plan?: string): Promise<void> {
    if (this.asking(proposalKey)) return;
    const attentive = this.attention.note();
    this.chunks.prefetch();
    this.dismiss(proposalKey);
    this.asked.update((asked) => new Map(asked).set(proposalKey, plan));
    try {
      const instance = await this.instances.launch(proposalKey, plan);
      if (attentive()) await this.router.navigate(['/desktop', instance.id]);
    } catch (error) {
      const refusal: Refusal = { problem: messageOf(error), plan, quota: this.instances.quota() };
      this.refusals.update((all) => new Map(all).set(proposalKey, refusal));
    } finally {
      this.asked.update((asked) => new Map([...asked].filter(([key]) => key !== proposalKey)));
    }
  }

  dismiss(proposalKey: string): void {
    this.refusals.update((all) => new Map([...all].filter(([key]) => key !== proposalKey)));
  }
}
