import { Proposal, TeamMember, Visit } from '../proposal';
import { formatProposalKey } from '../proposal-key';

type Named = Omit<Proposal, 'key'>;

/** Null: no key can be made of its name (empty, or too long), so nothing could ever be asked about it. */
export function withKey(proposal: Named): Proposal | null {
  const { catalogue, facility, name } = proposal;
  if (name === '' || facility === '' || ![name, facility].every((text) => text.isWellFormed())) return null;
  try {
    return { key: formatProposalKey({ catalogue, facility, name }), ...proposal };
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Earliest first, undated ones last. */
export function inTime(visits: Visit[]): Visit[] {
  const time = (visit: Visit) => (visit.start ?? visit.end)?.getTime() ?? Number.MAX_SAFE_INTEGER;
  return [...visits].sort((a, b) => time(a) - time(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

/** Puts a role beside the others of the same person. */
export function addToTeam(team: TeamMember[], person: Omit<TeamMember, 'roles'>, role: string): void {
  const known = team.find((member) => member.account === person.account && member.name === person.name);
  if (!known) team.push({ ...person, roles: [role] });
  else if (!known.roles.includes(role)) known.roles.push(role);
}
