import { Injectable, inject } from '@angular/core';
import { firstValueFrom } from 'rxjs';
import { ProposalsApi } from '../api/proposals.api';
import { Toasts } from '../shell/toasts.store';

/** The star of a proposal: shown at once, taken back with a word when the server refuses. */
@Injectable({ providedIn: 'root' })
export class Favourites {
  private readonly api = inject(ProposalsApi);
  private readonly toasts = inject(Toasts);

  async set(key: string, favourite: boolean, show: (favourite: boolean) => void): Promise<void> {
    show(favourite);
    try {
      await firstValueFrom(this.api.setFavourite(key, favourite), { defaultValue: undefined });
    } catch (error) {
      show(!favourite);
      this.toasts.error(error);
    }
  }
}
