import { Beamlines, NO_BEAMLINE } from '../mapping/beamlines';
import { addToTeam, inTime, withKey } from '../mapping/proposals';
import { Beamline, DatasetRecord, Proposal, TeamMember, Visit } from '../proposal';
import { availabilityOf, LifecycleRule } from './lifecycle';
import { TechniquesByProposal } from './proposal-techniques';
import { ScicatDataset, ScicatInstrument, ScicatProposal } from './scicat-rows';

type Instruments = ReadonlyMap<string, ScicatInstrument>;

/** Turns what SciCat says into proposals and datasets. */
export class ScicatMapping {
  constructor(
    private readonly catalogue: string,
    private readonly facility: string,
    private readonly beamlines: Beamlines,
    private readonly lifecycle: readonly LifecycleRule[],
  ) {}

  proposal(row: ScicatProposal, instruments: Instruments, known: TechniquesByProposal): Proposal | null {
    const techniques = known.get(row.proposalId);
    return withKey({
      catalogue: this.catalogue,
      facility: this.facility,
      name: row.proposalId,
      title: row.title,
      abstract: row.abstract ?? '',
      visits: inTime(this.visits(row, instruments)),
      ...(techniques ? { techniques: [...techniques] } : {}),
      team: teamOf(row),
    });
  }

  dataset(row: ScicatDataset): DatasetRecord {
    const techniques = row.techniques.flatMap(({ name }) => name ?? []);
    return {
      id: row.pid,
      name: row.datasetName ?? row.pid,
      createdAt: row.creationTime,
      sizeBytes: row.size,
      fileCount: row.numberOfFiles,
      sample: row.sampleIds.length > 0 ? row.sampleIds.join(', ') : null,
      technique: techniques.length > 0 ? techniques.join(', ') : null,
      availability: availabilityOf(row.datasetlifecycle, this.lifecycle),
    };
  }

  /** Measurement periods; without any, one visit from the proposal's own dates, for each of its instruments. */
  private visits(row: ScicatProposal, instruments: Instruments): Visit[] {
    const own = row.instrumentIds.map((pid) => this.beamline(pid, instruments.get(pid)));
    const beamlines = own.length > 0 ? own : [NO_BEAMLINE];
    if (row.MeasurementPeriodList.length === 0) {
      return beamlines.map((beamline) => ({ id: '1', beamline, start: row.startTime, end: row.endTime }));
    }
    return row.MeasurementPeriodList.map(({ id, instrument, start, end }, i) => ({
      id: id ?? String(i + 1),
      beamline: instrument ? this.beamlines.of(instrument) : (beamlines[0] ?? NO_BEAMLINE),
      start,
      end,
    }));
  }

  private beamline(pid: string, instrument: ScicatInstrument | undefined): Beamline {
    const names = [instrument?.name, instrument?.uniqueName, pid].filter((name) => name !== null && name !== undefined);
    return this.beamlines.ofAny(names);
  }
}

/** SciCat names the principal investigator and who wrote the proposal, and not which accounts are theirs. */
function teamOf(row: ScicatProposal): TeamMember[] {
  const team: TeamMember[] = [];
  const add = (first: string | null, last: string | null, role: string) => {
    const name = [first, last].filter(Boolean).join(' ').trim();
    if (name !== '') addToTeam(team, { account: null, name, affiliation: null }, role);
  };
  add(row.pi_firstname, row.pi_lastname, 'Principal investigator');
  add(row.firstname, row.lastname, 'Proposer');
  return team;
}
