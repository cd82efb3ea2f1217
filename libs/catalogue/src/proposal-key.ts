import { ProposalKey } from './proposal';

const PART = /^[A-Za-z0-9._-]$/;

/** Percent-like escape with `~`, so that the key needs no further escape in a URL path and holds no `/`. */
function escapePart(part: string): string {
  return [...part]
    .map((char) =>
      PART.test(char)
        ? char
        : [...Buffer.from(char, 'utf8')].map((b) => `~${b.toString(16).padStart(2, '0')}`).join(''),
    )
    .join('');
}

function unescapePart(part: string): string | null {
  if (!/^(?:[A-Za-z0-9._-]|~[0-9a-f]{2})+$/.test(part)) return null;
  const bytes: number[] = [];
  for (let i = 0; i < part.length; i++) {
    if (part[i] === '~') {
      bytes.push(parseInt(part.slice(i + 1, i + 3), 16));
      i += 2;
    } else bytes.push(part.charCodeAt(i));
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return null;
  }
}

export interface ProposalKeyParts {
  catalogue: string;
  facility: string;
  name: string;
}

/**
 * Key of a proposal: names alone are not unique and may hold `/`, so the key carries catalogue, facility and name,
 * joined by `:` (which no escaped part contains). At most 255 characters: longer throws RangeError.
 */
export function formatProposalKey(parts: ProposalKeyParts): ProposalKey {
  const key = [parts.catalogue, parts.facility, parts.name].map(escapePart).join(':');
  if (key.length > 255) throw new RangeError(`proposal key over 255 characters: ${key.slice(0, 40)}…`);
  return key;
}

/** Null for anything `formatProposalKey` would not have written. */
export function parseProposalKey(key: string): ProposalKeyParts | null {
  if (key.length > 255) return null;
  const parts = key.split(':');
  if (parts.length !== 3) return null;
  const [catalogue, facility, name] = parts.map(unescapePart);
  if (!catalogue || !facility || !name) return null;
  return formatProposalKey({ catalogue, facility, name }) === key ? { catalogue, facility, name } : null;
}
