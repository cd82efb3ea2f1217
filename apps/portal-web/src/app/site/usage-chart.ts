import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import type { UsageView } from '@beamdesk/contracts';
import { MEASURES, type Measure, stepWords, usageNumber } from './usage-query';

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [960, 300, 52, 26, 10];
const PLOT = HEIGHT - BOTTOM - TOP;

interface Bar {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly colour: number;
  readonly title: string;
}

/**
 * Stacked bars, one for each step, in plain SVG. Hours add up; desktops and people may be of two groups, so that their bars stand
 * for the sum of each group's own count. The table beside it says the same in words.
 */
@Component({
  selector: 'bd-usage-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <ul class="legend" aria-hidden="true">
      @for (series of usage().series; track $index) {
        <li><i [class]="'c' + ($index % 11)"></i>{{ series.name }}</li>
      }
    </ul>
    <div class="scroll" tabindex="0" role="group" [attr.aria-label]="label()">
      <svg [attr.viewBox]="'0 0 ' + width + ' ' + height" role="img" [attr.aria-label]="label()">
        @for (line of lines(); track line.y) {
          <line class="grid" [attr.x1]="left" [attr.x2]="width" [attr.y1]="line.y" [attr.y2]="line.y" />
          <text class="axis" text-anchor="end" [attr.x]="left - 6" [attr.y]="line.y + 4">{{ line.text }}</text>
        }
        @for (tick of ticks(); track tick.x) {
          <text class="axis" text-anchor="middle" [attr.x]="tick.x" [attr.y]="height - 8">{{ tick.text }}</text>
        }
        @for (bar of bars(); track $index) {
          <rect
            [class]="'c' + (bar.colour % 11)"
            [attr.x]="bar.x"
            [attr.y]="bar.y"
            [attr.width]="bar.width"
            [attr.height]="bar.height"
          >
            <title>{{ bar.title }}</title>
          </rect>
        }
      </svg>
    </div>
  `,
  styleUrl: './usage-chart.scss',
})
export class UsageChart {
  readonly usage = input.required<UsageView>();
  readonly measure = input.required<Measure>();

  protected readonly width = WIDTH;
  protected readonly height = HEIGHT;
  protected readonly left = LEFT;

  private readonly sums = computed(() =>
    this.usage().steps.map((_, n) =>
      this.usage().series.reduce((sum, { points }) => sum + (points[n]?.[this.measure()] ?? 0), 0),
    ),
  );
  private readonly top = computed(() => niceTop(Math.max(0, ...this.sums())));
  private readonly step = computed(() => (WIDTH - LEFT) / Math.max(1, this.usage().steps.length));

  protected readonly label = computed(() => {
    const measure = MEASURES.find(({ id }) => id === this.measure())?.label ?? '';
    const { steps, step, series } = this.usage();
    return `${measure} ${series.length > 1 ? `of ${series.length} groups together ` : ''}in ${steps.length} ${step}s, at most ${usageNumber(Math.max(0, ...this.sums()))}. The table below has all figures.`;
  });

  protected readonly lines = computed(() =>
    [0, 0.25, 0.5, 0.75, 1].map((part) => ({ y: TOP + PLOT * (1 - part), text: usageNumber(this.top() * part) })),
  );

  protected readonly ticks = computed(() => {
    const { steps, step } = this.usage();
    const every = Math.max(1, Math.ceil(steps.length / 9));
    return steps
      .map((iso, n) => ({ n, x: LEFT + (n + 0.5) * this.step(), text: stepWords(iso, step).replace('week of ', '') }))
      .filter(({ n }) => n % every === 0);
  });

  protected readonly bars = computed(() => {
    const { steps, step, series } = this.usage();
    const gap = Math.min(4, this.step() * 0.2);
    const bars: Bar[] = [];
    steps.forEach((iso, n) => {
      let below = 0;
      series.forEach(({ name, points }, colour) => {
        const value = points[n]?.[this.measure()] ?? 0;
        if (value <= 0) return;
        const height = (value / this.top()) * PLOT;
        below += height;
        const title = `${stepWords(iso, step)}: ${name} ${usageNumber(value)}`;
        bars.push({
          x: LEFT + n * this.step() + gap / 2,
          y: TOP + PLOT - below,
          width: this.step() - gap,
          height,
          colour,
          title,
        });
      });
    });
    return bars;
  });
}

/** The next round number that is easy to divide by four. */
export function niceTop(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 4, 8, 10].map((factor) => factor * power).find((one) => one >= value) ?? 10 * power;
}
