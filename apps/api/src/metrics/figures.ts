import { Counter, Histogram, Registry } from 'prom-client';

/** Of this process alone; what the whole site's tables say is added when somebody asks: `SiteFigures`. */
export const registry = new Registry();

const registers = [registry];

/** Seconds; an answer takes milliseconds, a file minutes. */
const REQUEST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
/** Seconds; a copy takes less than one, an emulated boot minutes. */
const LAUNCH_BUCKETS = [0.5, 1, 2, 3, 5, 10, 20, 40, 60, 120, 240, 600];

export const httpRequests = new Histogram({
  name: 'beamdesk_http_request_seconds',
  help: 'Answers of the api, by method, pattern of the route and class of the status.',
  labelNames: ['method', 'route', 'status'] as const,
  buckets: REQUEST_BUCKETS,
  registers,
});

export const refusals = new Counter({
  name: 'beamdesk_refusals_total',
  help: 'Requests that were refused, by the code of the answer.',
  labelNames: ['code'] as const,
  registers,
});

export const quotaRefusals = new Counter({
  name: 'beamdesk_quota_refusals_total',
  help: 'Launches and extensions that a quota did not allow, by what was short.',
  labelNames: ['resource'] as const,
  registers,
});

export const launches = new Counter({
  name: 'beamdesk_launches_total',
  help: 'Launches that came to an end, by path (clone, cold, none) and outcome (ready, failed).',
  labelNames: ['path', 'outcome'] as const,
  registers,
});

export const launchSeconds = new Histogram({
  name: 'beamdesk_launch_seconds',
  help: 'From the click, or from the end of the queue, to a session on the screen.',
  labelNames: ['path'] as const,
  buckets: LAUNCH_BUCKETS,
  registers,
});

export const failures = new Counter({
  name: 'beamdesk_desktop_failures_total',
  help: 'Desktops that failed, by code, while they were launched or while they ran.',
  labelNames: ['code', 'phase'] as const,
  registers,
});

export const idleStops = new Counter({
  name: 'beamdesk_idle_stops_total',
  help: 'Desktops that were stopped because nobody used them.',
  registers,
});
