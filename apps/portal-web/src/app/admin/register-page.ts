import { ChangeDetectionStrategy, Component, OnInit, computed, effect, inject, input, signal, viewChild } from '@angular/core';
import { MatButton } from '@angular/material/button';
import { Router, RouterLink } from '@angular/router';
import type { ImageTraits, NewImage, NewImageVersion } from '@beamdesk/contracts';
import { firstValueFrom } from 'rxjs';
import { messageOf } from '../api/api-error';
import { ImagesApi } from '../api/images.api';
import { createLoader } from '../api/loader';
import { UserMessage } from '../api/user-message';
import { Icon } from '../shell/icon';
import { Problem } from '../shell/problem';
import { ListWait } from '../staff/list-wait';
import { AdminTabs } from './admin-tabs';
import { textOf, tickedOf } from './form-values';
import { idFrom, leadingOf } from './image-words';
import { SourceFields } from './source-fields';
import { TraitsFields } from './traits-fields';
import { USUAL_TRAITS, traitsOf } from './traits-values';
import { ImageUpload } from './upload/image-upload';

/** Addresses of pages beside those of images. */
const TAKEN = ['plans', 'flavours', 'gpus', 'new', 'files'];

/** Registers an image with its first version, or a new version of one. For ADMIN. */
@Component({
  selector: 'bd-register-page',
  imports: [AdminTabs, Icon, ListWait, MatButton, Problem, RouterLink, SourceFields, TraitsFields],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './register-page.html',
  styleUrls: ['../staff/form.scss', './register-page.scss'],
})
export class RegisterPage implements OnInit {
  /** Of the image that gets a new version; undefined: it is a new image. */
  readonly id = input<string>();

  private readonly api = inject(ImagesApi);
  private readonly router = inject(Router);
  private readonly upload = inject(ImageUpload);
  private readonly source = viewChild(SourceFields);
  protected readonly image = createLoader((id: string) => this.api.get(id));
  protected readonly start = computed<ImageTraits>(() => {
    const image = this.image.value();
    return (image && leadingOf(image)) ?? USUAL_TRAITS;
  });
  protected readonly name = signal('');
  /** Undefined: made of the name. */
  protected readonly ownId = signal<string | undefined>(undefined);
  protected readonly shownId = computed(() => this.ownId() ?? idFrom(this.name()));
  protected readonly sending = signal(false);
  protected readonly lacks = signal('');
  protected readonly problem = signal<UserMessage | undefined>(undefined);
  /** To be sent as soon as the upload is there. */
  protected readonly waiting = signal<HTMLFormElement | undefined>(undefined);
  /** The image that this page made, where its version did not come about. */
  private made: string | undefined;

  constructor() {
    effect(() => {
      const [form, { kind }] = [this.waiting(), this.upload.state()];
      if (form && kind === 'done') void this.send(form);
      if (form && kind !== 'sending') this.waiting.set(undefined);
    });
  }

  ngOnInit(): void {
    const id = this.id();
    if (id !== undefined) this.image.load(id);
  }

  protected async send(form: HTMLFormElement): Promise<void> {
    const fields = new FormData(form);
    const [image, version] = [this.newImage(fields), this.newVersion(fields)];
    const lacks = [image, version].find((one) => typeof one === 'string' && one !== 'uploading');
    this.problem.set(undefined);
    this.lacks.set(typeof lacks === 'string' ? lacks : '');
    if (typeof image === 'string' || typeof version === 'string') {
      if (version === 'uploading' && !lacks) this.waiting.set(form);
      return;
    }
    this.sending.set(true);
    try {
      const id = await this.register(image, version);
      if (version.source.kind === 'upload') this.upload.forget();
      await this.router.navigate(['/images', id]);
    } catch (error) {
      this.problem.set(messageOf(error));
    } finally {
      this.sending.set(false);
    }
  }

  /** @returns the id of its image */
  private async register(image: NewImage | undefined, version: NewImageVersion): Promise<string> {
    const id = image?.id ?? this.id() ?? '';
    if (image && this.made !== id) {
      await firstValueFrom(this.api.make(image));
      this.made = id;
    }
    await firstValueFrom(this.api.addVersion(id, version));
    return id;
  }

  /** Undefined: there is one already. A string says what is lacking. */
  private newImage(fields: FormData): NewImage | undefined | string {
    if (this.id() !== undefined) return undefined;
    const [name, id] = [textOf(fields, 'name'), this.shownId()];
    if (name === '') return 'Give it a name.';
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(id)) return 'The id is 1 to 63 of a-z, 0-9 and -, not beginning with -.';
    if (TAKEN.includes(id)) return `The id “${id}” is taken by a page. Choose another one.`;
    return { id, name, description: textOf(fields, 'description'), offering: { beamlines: [], techniques: [], groups: [] } };
  }

  private newVersion(fields: FormData): NewImageVersion | string {
    const traits = traitsOf(fields);
    if (typeof traits === 'string') return traits;
    const source = this.source()?.value() ?? { lacks: 'Say from where it is taken.' };
    if (source === 'uploading') return source;
    return 'lacks' in source ? source.lacks : { source, asRaw: tickedOf(fields, 'asRaw'), ...traits };
  }
}
