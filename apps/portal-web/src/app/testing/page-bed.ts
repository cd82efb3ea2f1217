import { ComponentFixture } from '@angular/core/testing';
import { settle, timers } from './portal';

/** A page of a spec, pressed and filled in as a person does. */
export class PageBed {
  constructor(private readonly fixture: ComponentFixture<unknown>) {}

  get page(): HTMLElement {
    return this.fixture.nativeElement as HTMLElement;
  }

  get dialog(): HTMLElement | null {
    return document.querySelector<HTMLElement>('mat-dialog-container');
  }

  /** By its accessible name. @throws Error where there is no such button */
  async press(name: string, inside: Element | null = this.page): Promise<void> {
    const buttons = [...(inside?.querySelectorAll('button') ?? [])];
    const found = buttons.find((one) => (one.getAttribute('aria-label') ?? one.textContent?.trim()) === name);
    if (!found) throw new Error(`no button "${name}" among ${buttons.map((one) => one.textContent?.trim()).join(', ')}`);
    found.click();
    await this.rest();
  }

  /** In the dialog, or on the page where there is none. */
  async set(name: string, value: string | boolean): Promise<void> {
    const field = (this.dialog ?? this.page).querySelector<HTMLInputElement>(`:is(input, select, textarea)[name="${name}"]`);
    if (!field) throw new Error(`no field "${name}"`);
    if (typeof value === 'boolean') field.checked = value;
    else field.value = value;
    for (const type of ['input', 'change']) field.dispatchEvent(new Event(type));
    await this.rest();
  }

  async rest(): Promise<void> {
    await timers();
    await settle();
    await this.fixture.whenStable();
  }
}
