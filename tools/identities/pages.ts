import { createHash } from 'node:crypto';
import type { DemoPerson } from './people.ts';

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; --line: #8a94a6; --mark: #0b57d0; }
body { margin: 0; display: grid; place-items: center; min-height: 100vh; }
main { box-sizing: border-box; width: min(34rem, 100vw); padding: 2rem 1.5rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; }
p { margin: 0 0 1.25rem; }
form { display: grid; gap: .6rem; margin: 0; }
button { font: inherit; text-align: left; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: .6rem;
  background: Canvas; color: CanvasText; cursor: pointer; }
button:hover { border-color: var(--mark); }
button:focus-visible { outline: 3px solid var(--mark); outline-offset: 2px; }
button strong { display: block; }
button.plain { border: 0; color: inherit; text-decoration: underline; justify-self: start; padding-left: 0; }
`;
/** The end-session form sends itself; without script its button is there. */
const SUBMIT = `document.getElementById('op.logoutForm').requestSubmit(document.getElementById('end'));`;

const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but our own style, our own one-line script, and forms to this origin, which may lead on to the portal's. */
export function contentSecurityPolicy({ portal, issuer }: { portal: URL; issuer: URL }): string {
  const forms = portal.origin === issuer.origin ? "'self'" : `'self' ${portal.origin}`;
  return [
    "default-src 'none'",
    `style-src ${hash(STYLE)}`,
    `script-src ${hash(SUBMIT)}`,
    `form-action ${forms}`,
    "frame-ancestors 'none'",
    "base-uri 'none'",
  ].join('; ');
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

function page(label: string, title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · ${escape(label)}</title><style>${STYLE}</style></head>
<body><main>${body}</main></body>
</html>`;
}

/** One button per person; no password, because nobody here is real. */
export function signInPage(label: string, people: DemoPerson[], action: string): string {
  const buttons = people.map(
    ({ id, name, about }) => `<button name="person" value="${escape(id)}"><strong>${escape(name)}</strong> ${escape(about)}</button>`,
  );
  return page(
    label,
    'Sign in',
    `<h1>${escape(label)}</h1><p>This stands in for your identity provider. Who do you want to be? Nobody here is real, so there are no passwords.</p>
<form method="post" action="${escape(action)}">${buttons.join('\n')}
<button class="plain" name="cancel" value="yes">Cancel and go back to the portal</button></form>`,
  );
}

/** @param form the form oidc-provider wants back */
export function signOutPage(label: string, form: string): string {
  return page(
    label,
    'Signing out',
    `<h1>${escape(label)}</h1><p>Signing you out …</p>${form}
<button id="end" type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button><script>${SUBMIT}</script>`,
  );
}

export function messagePage(label: string, title: string, message: string, portal: URL): string {
  return page(label, title, `<h1>${escape(title)}</h1><p>${escape(message)}</p><p><a href="${escape(portal.href)}">Back to the portal</a></p>`);
}
