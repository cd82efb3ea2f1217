import { ChangeDetectionStrategy, Component, input, output } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { DatasetView } from '@beamdesk/contracts';
import { DayPipe } from '../shell/time.pipes';

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** Bytes as people write them, in powers of 1000: 48912334112 → "48.9 GB". */
export function fileSize(bytes: number): string {
  const power = bytes < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 100 ? value.toFixed(1) : Math.round(value)} ${UNITS[power]}`;
}

@Component({
  selector: 'bd-datasets-table',
  imports: [DayPipe, MatButton],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    @if (datasets().length > 0) {
      <div class="bd-card">
        <table>
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Sample</th>
              <th scope="col">Taken</th>
              <th scope="col" class="number">Files</th>
              <th scope="col" class="number">Size</th>
            </tr>
          </thead>
          <tbody>
            @for (dataset of datasets(); track dataset.id) {
              <tr>
                <th scope="row">
                  {{ dataset.name }}
                  @if (dataset.technique) {
                    <span class="bd-muted">{{ dataset.technique }}</span>
                  }
                  @if (where[dataset.availability]; as words) {
                    <span class="bd-muted">{{ words }}</span>
                    <button
                      matButton
                      type="button"
                      disabledInteractive
                      [disabled]="dataset.availability === 'restoring'"
                      [attr.aria-label]="'Bring back ' + dataset.name + ' from the archive'"
                      (click)="restore.emit(dataset)"
                    >
                      Bring back
                    </button>
                  }
                </th>
                <td data-label="Sample">{{ dataset.sample ?? '–' }}</td>
                <td data-label="Taken">{{ dataset.createdAt ? (dataset.createdAt | bdDay) : '–' }}</td>
                <td data-label="Files" class="number">{{ dataset.fileCount ?? '–' }}</td>
                <td data-label="Size" class="number">
                  {{ dataset.sizeBytes === null ? '–' : size(dataset.sizeBytes) }}
                </td>
              </tr>
            }
          </tbody>
        </table>
      </div>
      @if (more()) {
        <p class="bd-muted">The catalogue has more datasets than the {{ datasets().length }} listed here.</p>
      }
    } @else {
      <p class="bd-muted">The catalogue lists no dataset yet. Data appear here after the visit has begun.</p>
    }
  `,
  styleUrl: './datasets-table.scss',
})
export class DatasetsTable {
  readonly datasets = input.required<readonly DatasetView[]>();
  /** The catalogue has others that are not in `datasets`. */
  readonly more = input(false);
  /** Somebody wants an archived one where desktops can read it. */
  readonly restore = output<DatasetView>();
  /** Said only where a desktop would not find the files. */
  protected readonly where: Record<DatasetView['availability'], string> = {
    online: '',
    restoring: 'On its way from the archive',
    archived: 'In the archive only',
    unknown: '',
  };
  protected readonly size = fileSize;
}
