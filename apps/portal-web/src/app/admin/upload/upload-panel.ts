import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { MatProgressBar } from '@angular/material/progress-bar';
import { DropTarget } from '../../desktop/files/drop-target';
import { byteWords } from '../../desktop/files/file-words';
import { Icon } from '../../shell/icon';
import { ImageUpload } from './image-upload';
import { spokenUpload, uploadWords } from './upload-words';

/** Chooses the file of an image, or takes it as it is dropped on the page, and shows how far it is. */
@Component({
  selector: 'bd-upload-panel',
  imports: [Icon, MatButton, MatProgressBar],
  providers: [DropTarget],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './upload-panel.html',
  styleUrl: './upload-panel.scss',
})
export class UploadPanel {
  protected readonly upload = inject(ImageUpload);
  protected readonly drop = inject(DropTarget);
  protected readonly bytes = byteWords;
  protected readonly size = computed(() => this.upload.file()?.size ?? 0);
  protected readonly percent = computed(() => {
    if (this.upload.state().kind === 'done') return 100;
    return this.size() === 0 ? 0 : Math.floor((100 * this.upload.progress().sent) / this.size());
  });
  protected readonly words = computed(() => uploadWords(this.upload.state(), this.size(), this.upload.progress()));
  protected readonly spoken = computed(() =>
    spokenUpload(this.upload.state(), this.size(), this.upload.progress().sent),
  );

  constructor() {
    this.drop.listen(
      () => this.upload.state().kind === 'none',
      ({ files }) => this.choose(files),
    );
  }

  protected choose(files: FileList | null): void {
    const file = files?.[0];
    if (file && this.upload.state().kind === 'none') void this.upload.choose(file);
  }

  protected sizeOf(size: number | null): string {
    return size === null ? '' : ` (${byteWords(size)})`;
  }
}
