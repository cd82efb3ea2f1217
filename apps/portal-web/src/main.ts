import { bootstrapApplication } from '@angular/platform-browser';
import { App } from './app/app';
import { appConfig } from './app/app.config';

bootstrapApplication(App, appConfig).catch((error: unknown) => {
  // Nothing of the page runs yet: plain words are all there is.
  document.body.append('Beamdesk could not start in this browser. Please update the browser or try another one.');
  throw error;
});
