import { NgTemplateOutlet } from '@angular/common';
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { parseMarkdown } from './plain-markdown';

/** Shows a text in the small Markdown of `parseMarkdown`. Its first-level heading is left to the page. */
@Component({
  selector: 'bd-plain-text-view',
  imports: [NgTemplateOutlet],
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ng-template #inline let-runs>
      @for (run of runs; track $index) {
        @switch (run.kind) {
          @case ('strong') {
            <strong>{{ run.text }}</strong>
          }
          @case ('em') {
            <em>{{ run.text }}</em>
          }
          @case ('code') {
            <code>{{ run.text }}</code>
          }
          @case ('link') {
            <a [href]="run.href" target="_blank" rel="noopener noreferrer">{{ run.text }}</a>
          }
          @default {{{ run.text }}}
        }
      }
    </ng-template>
    @for (block of blocks(); track $index) {
      @switch (block.kind) {
        @case ('heading') {
          <h2><ng-container [ngTemplateOutlet]="inline" [ngTemplateOutletContext]="{ $implicit: block.runs }" /></h2>
        }
        @case ('paragraph') {
          <p><ng-container [ngTemplateOutlet]="inline" [ngTemplateOutletContext]="{ $implicit: block.runs }" /></p>
        }
        @case ('list') {
          <ul [class.ordered]="block.ordered">
            @for (item of block.items; track $index) {
              <li><ng-container [ngTemplateOutlet]="inline" [ngTemplateOutletContext]="{ $implicit: item }" /></li>
            }
          </ul>
        }
      }
    }
  `,
  styles: `
    h2 {
      margin: 24px 0 0;
    }
    p,
    ul {
      max-width: 70ch;
      margin: 10px 0 0;
    }
    ul {
      padding-left: 22px;
    }
    .ordered {
      list-style: decimal;
    }
  `,
})
export class PlainTextView {
  readonly text = input.required<string>();
  protected readonly blocks = computed(() =>
    parseMarkdown(this.text()).filter((block) => block.kind !== 'heading' || block.level > 1),
  );
}
