import { Beamlines, NO_BEAMLINE } from '../mapping/beamlines';
import { addToTeam, inTime, withKey } from '../mapping/proposals';
import { Roles } from '../mapping/roles';
import { Availability, DatasetRecord, Proposal, TeamMember, Visit } from '../proposal';
import { TechniquesById } from './investigation-techniques';
import { IcatDataset, IcatInvestigation, IcatUser } from './icat-rows';
import { IcatMembership } from './icat-settings';

/** Turns what ICAT says into proposals and datasets. */
export class IcatMapping {
  constructor(
    private readonly catalogue: string,
    private readonly membership: IcatMembership[],
    private readonly roles: Roles,
    private readonly beamlines: Beamlines,
  ) {}

  /** Everybody who counts as a member of one investigation, with roles. */
  team(investigation: IcatInvestigation): TeamMember[] {
    const team: TeamMember[] = [];
    const add = (user: IcatUser | null, role: string | null) => {
      if (user && role !== null) addToTeam(team, person(user), role);
    };
    if (this.membership.includes('users')) {
      for (const { role, user } of investigation.investigationUsers) add(user, this.roles.label(role));
    }
    if (this.membership.includes('groups')) {
      for (const { role, grouping } of investigation.investigationGroups) {
        for (const { user } of grouping?.userGroups ?? []) add(user, this.roles.label(role));
      }
    }
    if (this.membership.includes('scientists')) {
      for (const { instrument } of investigation.investigationInstruments) {
        for (const { user } of instrument?.instrumentScientists ?? []) add(user, this.roles.label('Local contact'));
      }
    }
    return team;
  }

  /** One proposal for all investigations of a facility and name: they are its visits. */
  proposals(investigations: IcatInvestigation[], techniques: TechniquesById): Proposal[] {
    const groups = Map.groupBy(investigations, ({ facility, name }) => JSON.stringify([facility?.name, name]));
    return [...groups.values()].flatMap((group) => this.proposal(group, techniques) ?? []);
  }

  dataset(dataset: IcatDataset, availability: Availability): DatasetRecord {
    const { id, name, startDate, endDate, fileSize, fileCount, sample, datasetTechniques } = dataset;
    const techniques = datasetTechniques.flatMap(({ technique }) => technique?.name ?? []);
    // Both are 0 where the database has no triggers that keep them: that is no size at all.
    const counted = (fileSize ?? 0) > 0 || (fileCount ?? 0) > 0;
    return {
      id: String(id),
      name,
      createdAt: startDate ?? endDate,
      sizeBytes: counted ? fileSize : null,
      fileCount: counted ? fileCount : null,
      sample: sample?.name ?? null,
      technique: techniques.length > 0 ? [...new Set(techniques)].join(', ') : null,
      availability,
    };
  }

  private proposal(group: IcatInvestigation[], techniques: TechniquesById): Proposal | null {
    const visits = inTime(group.flatMap((one) => this.visits(one)));
    const latest = group.reduce((a, b) => (begin(b) > begin(a) ? b : a));
    const team: TeamMember[] = [];
    for (const member of group.flatMap((one) => this.team(one))) {
      for (const role of member.roles) addToTeam(team, member, role);
    }
    const known = group.map(({ id }) => techniques.get(id));
    const all = known.every((terms) => terms !== undefined) ? { techniques: [...new Set(known.flat())] } : {};
    return withKey({
      catalogue: this.catalogue,
      facility: latest.facility?.name ?? '',
      name: latest.name,
      title: latest.title,
      abstract: latest.summary ?? group.find(({ summary }) => summary !== null)?.summary ?? '',
      visits,
      ...all,
      team,
    });
  }

  private visits({ visitId, startDate, endDate, investigationInstruments }: IcatInvestigation): Visit[] {
    const known = investigationInstruments.flatMap(({ instrument }) => instrument ?? []);
    const beamlines = known.map(({ name, fullName }) => this.beamlines.of(name, fullName));
    return (beamlines.length > 0 ? beamlines : [NO_BEAMLINE]).map((beamline) => ({
      id: visitId,
      beamline,
      start: startDate,
      end: endDate,
    }));
  }
}

function begin({ startDate, endDate }: IcatInvestigation): number {
  return (startDate ?? endDate)?.getTime() ?? Number.MIN_SAFE_INTEGER;
}

function person({ name, fullName, givenName, familyName, affiliation }: IcatUser): Omit<TeamMember, 'roles'> {
  const full = fullName?.trim() || [givenName, familyName].filter(Boolean).join(' ').trim();
  return { account: name, name: full || name, affiliation };
}
