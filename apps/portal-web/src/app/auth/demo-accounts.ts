import { ChangeDetectionStrategy, Component } from '@angular/core';

const PEOPLE = [
  { name: 'Ada Okafor', what: 'user, team of 20260301' },
  { name: 'Bo Lindqvist', what: 'user, same team as Ada' },
  { name: 'Chen Wei', what: 'user of another team' },
  { name: 'Dana Moreau', what: 'beamline scientist' },
  { name: 'Farid Haddad', what: 'facility administrator' },
  { name: 'Eve Novak', what: 'can sign in, may enter nothing' },
] as const;

/** Who can be chosen at the demo sign-in; shown only where the demo identities run. */
@Component({
  selector: 'bd-demo-accounts',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <section class="bd-card" aria-labelledby="demo-title">
      <h2 id="demo-title">Demo accounts</h2>
      <p>This is a demonstration: choose one of these people at the sign-in, no password is asked.</p>
      <ul>
        @for (person of people; track person.name) {
          <li>
            <strong>{{ person.name }}</strong> <span>{{ person.what }}</span>
          </li>
        }
      </ul>
    </section>
  `,
  styles: `
    section {
      padding: 20px 24px;
    }
    p {
      margin: 6px 0 12px;
      color: var(--bd-muted);
      font-size: 0.9rem;
    }
    ul {
      display: grid;
      grid-template-columns: repeat(auto-fill, minmax(240px, 1fr));
      gap: 8px 24px;
      margin: 0;
      padding: 0;
      list-style: none;
      font-size: 0.9rem;
    }
    li {
      display: grid;
    }
    span {
      color: var(--bd-muted);
      font-size: 0.84rem;
    }
  `,
})
export class DemoAccounts {
  protected readonly people = PEOPLE;
}
