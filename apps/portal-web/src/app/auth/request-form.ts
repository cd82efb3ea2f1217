import { ChangeDetectionStrategy, Component, ElementRef, inject, input, output, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { AuthorisationWish } from '@beamdesk/contracts';

/** As the api asks for it. */
const REASON_MIN = 10;

/** What to ask the facility: who one is, why, and for what. */
@Component({
  selector: 'bd-request-form',
  imports: [MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './request-form.html',
  styleUrl: './request-form.scss',
})
export class RequestForm {
  readonly beamlines = input.required<readonly { id: string; name: string }[]>();
  /** What was asked before. */
  readonly before = input<AuthorisationWish | null>(null);
  readonly busy = input(false);
  /** Somebody may go back to what they asked already. */
  readonly cancellable = input(false);
  readonly wished = output<AuthorisationWish>();
  readonly cancelled = output();

  private readonly host = inject<ElementRef<HTMLElement>>(ElementRef);
  protected readonly lacks = signal<{ affiliation?: string; reason?: string }>({});

  protected send(affiliation: string, reason: string, proposal: string, beamline: string): void {
    const lacks = {
      ...(affiliation.trim() === '' ? { affiliation: 'Say where you work.' } : {}),
      ...(reason.trim().length < REASON_MIN ? { reason: 'Say in a sentence what you need the portal for.' } : {}),
    };
    this.lacks.set(lacks);
    const [first] = Object.keys(lacks);
    if (first !== undefined) {
      this.host.nativeElement.querySelector<HTMLElement>(`[name=${first}]`)?.focus();
      return;
    }
    this.wished.emit({
      affiliation: affiliation.trim(),
      reason: reason.trim(),
      proposal: proposal.trim() || null,
      beamline: beamline || null,
    });
  }
}
