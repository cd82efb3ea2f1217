import { Filter, FilterParser } from 'ldapts';

/**
 * A placeholder is the whole of a value that must be equal: `(uid={name})`. Beside a wildcard, or with `>=`, something
 * else than the name would do.
 */
const PLACEHOLDER = /(?<![<>~])=\{([A-Za-z][A-Za-z0-9-]*)\}\)/g;
/** …with its attribute and, where there is one, the matching rule: `(member:1.2.840.113556.1.4.1941:={dn})`. */
const ASSERTION = /([A-Za-z][A-Za-z0-9-]*)[^()=]*=\{[A-Za-z][A-Za-z0-9-]*\}\)/g;

/**
 * The name in the one placeholder of a search filter. @returns null where there is not exactly one, or no filter (RFC
 * 4515)
 */
export function placeholderOf(template: string): string | null {
  const [found, ...more] = [...template.matchAll(PLACEHOLDER)];
  const name = found?.[1];
  if (name === undefined || more.length > 0 || (template.match(/[{}]/g)?.length ?? 0) !== 2) return null;
  try {
    FilterParser.parseString(filledFilter(template, 'x'));
  } catch {
    return null;
  }
  return template.startsWith('(') ? name : null;
}

/**
 * The filter that looks for exactly this value, whatever signs it is made of: `* ( ) \ NUL` are escaped (RFC 4515, 3).
 */
export function filledFilter(template: string, value: string): string {
  return template.replace(PLACEHOLDER, () => `=${Filter.escape(value)})`);
}

/** The filter that any value fits. */
export function anyFilter(template: string): string {
  return template.replace(ASSERTION, (_all, attribute: string) => `${attribute}=*)`);
}
