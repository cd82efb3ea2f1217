import { Injectable, signal } from '@angular/core';
import { messageOf } from '../api/api-error';

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly kind: 'info' | 'error';
}

const INFO_MS = 6000;
const ERROR_MS = 15_000;

/** Short remarks about what just happened; what needs an action is shown in the page instead. */
@Injectable({ providedIn: 'root' })
export class Toasts {
  private readonly shown = signal<readonly Toast[]>([]);
  private nextId = 1;

  readonly all = this.shown.asReadonly();

  info(text: string): void {
    this.show(text, 'info', INFO_MS);
  }

  /** The sentence of an error, whatever was thrown. */
  error(error: unknown): void {
    const { title, text } = messageOf(error);
    this.show(`${title}. ${text}`, 'error', ERROR_MS);
  }

  dismiss(id: number): void {
    this.shown.update((toasts) => toasts.filter((toast) => toast.id !== id));
  }

  private show(text: string, kind: Toast['kind'], lifetimeMs: number): void {
    const id = this.nextId++;
    this.shown.update((toasts) => [...toasts.filter((toast) => toast.text !== text), { id, text, kind }].slice(-3));
    setTimeout(() => this.dismiss(id), lifetimeMs);
  }
}
