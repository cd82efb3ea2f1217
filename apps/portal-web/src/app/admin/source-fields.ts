import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { MatButton } from '@angular/material/button';
import type { ImageSource } from '@beamdesk/contracts';
import { ImagesApi } from '../api/images.api';
import { createLoader } from '../api/loader';
import { byteWords } from '../desktop/files/file-words';
import { Problem } from '../shell/problem';
import { DayPipe } from '../shell/time.pipes';
import { ListWait } from '../staff/list-wait';
import { Which } from '../staff/which';
import { ImageUpload } from './upload/image-upload';
import { UploadPanel } from './upload/upload-panel';

type SourceKind = ImageSource['kind'];

const CHOICES: readonly { id: SourceKind; label: string }[] = [
  { id: 'upload', label: 'Upload' },
  { id: 'file', label: 'File on the server' },
  { id: 'url', label: 'Address' },
];
const SHA256 = /^[0-9a-f]{64}$/;

/** From where a version is taken: a part of the form that registers one. */
@Component({
  selector: 'bd-source-fields',
  imports: [DayPipe, ListWait, MatButton, Problem, UploadPanel, Which],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './source-fields.html',
  styleUrls: ['../staff/form.scss', './source-fields.scss'],
})
export class SourceFields {
  private readonly api = inject(ImagesApi);
  private readonly upload = inject(ImageUpload);
  protected readonly choices = CHOICES;
  protected readonly bytes = byteWords;
  protected readonly files = createLoader(() => this.api.files());
  protected readonly kind = signal<SourceKind>('upload');
  protected readonly chosen = signal('');
  protected readonly url = signal('');
  protected readonly sha256 = signal('');
  protected readonly hosts = computed(() => this.files.value()?.urlHosts ?? []);
  protected readonly tooLarge = computed(() => {
    const [file, limit] = [this.upload.file(), this.files.value()?.uploadLimitBytes ?? Number.POSITIVE_INFINITY];
    return file !== undefined && file.size > limit ? `Larger than the ${byteWords(limit)} that this site takes by upload.` : '';
  });

  constructor() {
    this.files.load(undefined);
  }

  /** What was chosen; 'uploading': it is not all there yet. `lacks`: what to mend first. */
  value(): ImageSource | 'uploading' | { lacks: string } {
    if (this.kind() === 'file') {
      return this.chosen() === '' ? { lacks: 'Choose one of the files.' } : { kind: 'file', name: this.chosen() };
    }
    if (this.kind() === 'url') return this.address();
    const state = this.upload.state();
    if (this.tooLarge()) return { lacks: this.tooLarge() };
    if (state.kind === 'done') return { kind: 'upload', upload: state.upload };
    if (state.kind === 'none') return { lacks: 'Choose a file to upload.' };
    return state.kind === 'sending' ? 'uploading' : { lacks: 'The upload is not finished: let it go on first.' };
  }

  private address(): ImageSource | { lacks: string } {
    const [url, sha256] = [this.url().trim(), this.sha256().trim().toLowerCase()];
    if (!/^https?:\/\/\S+$/.test(url)) return { lacks: 'Write an address that begins with https:// or http://.' };
    if (!SHA256.test(sha256)) return { lacks: 'Write the SHA-256 checksum of the file: 64 hexadecimal digits.' };
    return { kind: 'url', url, sha256 };
  }
}
