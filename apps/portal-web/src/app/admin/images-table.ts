import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import type { ImageVersionView, ImageView } from '@beamdesk/contracts';
import { byteWords } from '../desktop/files/file-words';
import {
  STATE_TONES,
  STATE_WORDS,
  activeOf,
  desktopsOf,
  leadingOf,
  offeringWords,
  progressWords,
} from './image-words';

/** Images in a table, and as cards where there is no room for one. */
@Component({
  selector: 'bd-images-table',
  imports: [RouterLink],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <div class="bd-card">
      <table>
        <thead>
          <tr>
            <th scope="col">Image</th>
            <th scope="col">State</th>
            <th scope="col">Offered</th>
            <th scope="col" class="number">Size</th>
            <th scope="col" class="number">Desktops</th>
          </tr>
        </thead>
        <tbody>
          @for (image of images(); track image.id) {
            <tr>
              <th scope="row">
                <a [routerLink]="['/images', image.id]">{{ image.name }}</a>
                @if (image.origin === 'site') {
                  <span class="bd-chip">site file</span>
                }
                <span class="line">{{ image.description }}</span>
              </th>
              <td>
                @if (leading(image); as version) {
                  <p><span class="badge" [class]="tones[version.state]">{{ words[version.state] }}</span> version {{ version.number }}</p>
                } @else {
                  <p>no version</p>
                }
                @for (other of beside(image); track other.number) {
                  <p class="line">
                    version {{ other.number }}: {{ other.state === 'importing' ? progress(other) : words[other.state] }}
                  </p>
                }
              </td>
              <td data-label="Offered">{{ offered(image) }}</td>
              <td data-label="Size" class="number">{{ size(leading(image)) }}</td>
              <td data-label="Desktops" class="number">{{ desktops(image) }}</td>
            </tr>
          }
        </tbody>
      </table>
    </div>
  `,
  styleUrls: ['./table.scss', './badge.scss'],
})
export class ImagesTable {
  readonly images = input.required<readonly ImageView[]>();
  /** Of beamlines and techniques, by id. */
  readonly names = input<ReadonlyMap<string, string>>(new Map());

  protected readonly words = STATE_WORDS;
  protected readonly tones = STATE_TONES;
  protected readonly leading = leadingOf;
  protected readonly desktops = desktopsOf;
  protected readonly progress = progressWords;

  /** What else is under way or waits for somebody: retired ones do not. */
  protected beside(image: ImageView): readonly ImageVersionView[] {
    const leading = leadingOf(image);
    return image.versions.filter((one) => one !== leading && one.state !== 'retired');
  }

  protected offered(image: ImageView): string {
    if (image.plans.length === 0) return 'no plan names it';
    const plans = image.plans.map(({ name }) => name).join(', ');
    return `${activeOf(image) ? '' : 'not now: '}${plans} (${offeringWords(image.offering, this.names())})`;
  }

  protected size(version: ImageVersionView | undefined): string {
    return typeof version?.sizeBytes === 'number' ? byteWords(version.sizeBytes) : '–';
  }
}
