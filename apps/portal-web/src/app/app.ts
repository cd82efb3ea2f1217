import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { toSignal } from '@angular/core/rxjs-interop';
import { ActivatedRouteSnapshot, NavigationEnd, Router, RouterOutlet } from '@angular/router';
import { filter, map } from 'rxjs';
import { AnnouncementsStore } from './api/announcements.store';
import { InstancesStore } from './api/instances.store';
import { SessionStore } from './api/session.store';
import { AnnouncementBanner } from './shell/announcement-banner';
import { Problem } from './shell/problem';
import { RouteFocus } from './shell/route-focus';
import { BottomNavigation, TopBar } from './shell/top-bar';
import { Footer } from './shell/footer';
import { ThemeStore } from './shell/theme.store';
import { ToastsRegion } from './shell/toasts';

/** The frame of every page: bars, the main landmark, the live region, and what to show while nobody is known yet. */
@Component({
  selector: 'bd-root',
  imports: [RouterOutlet, AnnouncementBanner, Problem, TopBar, BottomNavigation, Footer, ToastsRegion],
  changeDetection: ChangeDetectionStrategy.OnPush,
  templateUrl: './app.html',
  styleUrl: './app.scss',
  host: { '[class.bare]': 'bare()' },
})
export class App {
  private readonly router = inject(Router);
  protected readonly session = inject(SessionStore);
  protected readonly focus = inject(RouteFocus);

  /** The page asked for the whole window (`data.bare`). */
  protected readonly bare = toSignal(
    this.router.events.pipe(
      filter((event) => event instanceof NavigationEnd),
      map(() => leaf(this.router.routerState.snapshot.root).data['bare'] === true),
    ),
    { initialValue: false },
  );
  protected readonly framed = computed(() => !this.bare());

  constructor() {
    // Held for the life of the page: the theme's attribute and the push connection.
    inject(ThemeStore);
    inject(InstancesStore);
    inject(AnnouncementsStore).start();
    void this.session.load();
  }

  protected skip(event: Event): void {
    event.preventDefault();
    this.focus.focusHeading();
  }
}

function leaf(route: ActivatedRouteSnapshot): ActivatedRouteSnapshot {
  return route.firstChild ? leaf(route.firstChild) : route;
}
