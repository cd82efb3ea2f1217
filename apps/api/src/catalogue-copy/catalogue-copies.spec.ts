import { type CatalogueAccount, CatalogueUnavailable } from '@beamdesk/catalogue';
import { EditableCatalogue, UnreachableCatalogue } from '@beamdesk/catalogue/testing';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { createTestDataSource } from '../../test/postgres/test-database';
import { CatalogueCopies } from './catalogue-copies';
import { CopiedProposals } from './copied-proposals';
import { DEFAULT_COPY_SETTINGS } from './copy-settings';
import { CopyWriter } from './copy-writer';

const ADA: CatalogueAccount = { catalogue: 'demo', name: 'ada', groups: [] };

/** Answers when it is told to. */
class SlowCatalogue extends UnreachableCatalogue {
  answer: () => void = () => undefined;
  asked = 0;

  override async search(...given: Parameters<UnreachableCatalogue['search']>) {
    this.asked++;
    const found = await super.search(...given);
    await new Promise<void>((resolve) => (this.answer = resolve));
    return found;
  }
}

describe('keeping copies like the catalogue', () => {
  let dataSource: DataSource;
  let close: () => Promise<void>;
  let editable: EditableCatalogue;
  let gate: UnreachableCatalogue;
  let proposals: CopiedProposals;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    ({ dataSource, close } = await createTestDataSource());
  });
  afterAll(() => close());
  beforeEach(async () => {
    await dataSource.query('TRUNCATE catalogue_copy, copied_proposal, copied_membership');
    editable = new EditableCatalogue('demo', 'Lumina');
    gate = new UnreachableCatalogue(editable);
    gate.reachable = true;
    proposals = new CopiedProposals(dataSource);
  });

  const copiesOf = (given = {}, catalogue = gate) =>
    new CatalogueCopies(catalogue, proposals, new CopyWriter(dataSource), { ...DEFAULT_COPY_SETTINGS, ...given });
  const put = (name: string, team = ['ada']) =>
    editable.put({
      name,
      title: name,
      abstract: '',
      visits: [],
      team: team.map((account) => ({ account, name: account, affiliation: null, roles: [] })),
    });
  const shown = async (copies: CatalogueCopies, account = ADA) => {
    const seen = await copies.lookAt([account]);
    const page = await proposals.page(seen, { text: '', sort: 'name', offset: 0, limit: 100 });
    return { names: page.items.map(({ proposal }) => proposal.name), fault: seen[0]?.fault ?? null };
  };
  const age = (seconds: number) =>
    dataSource.query('UPDATE catalogue_copy SET observed_at = observed_at - make_interval(secs => $1)', [seconds]);

  it('asks the catalogue the first time, and then only once the copy is old', async () => {
    const copies = copiesOf({ freshMs: 60_000 });
    const asked = jest.spyOn(editable, 'search');
    put('a');
    expect((await shown(copies)).names).toEqual(['a']);
    put('b');
    expect((await shown(copies)).names).toEqual(['a']);
    expect(asked).toHaveBeenCalledTimes(1);
    await age(61);
    expect((await shown(copies)).names).toEqual(['a', 'b']);
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('looks again for somebody who has nothing yet', async () => {
    const copies = copiesOf({ freshMs: 60_000 });
    expect((await shown(copies)).names).toEqual([]);
    put('a');
    expect((await shown(copies)).names).toEqual(['a']);
  });

  it('shows the old copy of a catalogue that is down, and does not ask it again and again', async () => {
    const copies = copiesOf({ freshMs: 60_000, pauseMs: 60_000 });
    put('a');
    await shown(copies);
    await age(61);
    gate.reachable = false;
    const { names, fault } = await shown(copies);
    expect([names, fault]).toEqual([['a'], expect.any(CatalogueUnavailable)]);
    const asked = jest.spyOn(gate, 'search');
    expect((await shown(copies)).fault).not.toBeNull();
    expect(asked).not.toHaveBeenCalled();
  });

  it('is well again with the first answer', async () => {
    const copies = copiesOf({ freshMs: 0, pauseMs: 0 });
    put('a');
    gate.reachable = false;
    expect((await shown(copies)).fault).not.toBeNull();
    gate.reachable = true;
    expect(await shown(copies)).toEqual({ names: ['a'], fault: null });
  });

  it('asks once for all who wait, and does not wait long where there is something to show', async () => {
    const slow = new SlowCatalogue(editable);
    slow.reachable = true;
    const copies = copiesOf({ freshMs: 0, waitMs: 20 }, slow);
    put('a');
    const looked = jest.spyOn(proposals, 'standing');
    const first = [shown(copies), shown(copies)];
    await until(() => slow.asked === 1);
    await Promise.all(looked.mock.results.map(({ value }) => value as Promise<unknown>));
    await new Promise(setImmediate);
    slow.answer();
    expect((await Promise.all(first)).map(({ names }) => names)).toEqual([['a'], ['a']]);
    put('b');
    expect((await shown(copies)).names).toEqual(['a']);
    expect(slow.asked).toBe(2);
    const ended = copies.onModuleDestroy();
    slow.answer();
    await ended;
    expect((await proposals.standing([ADA]))[0]?.proposals).toBe(2);
  });

  it('asks anew where a membership was taken back meanwhile', async () => {
    const slow = new SlowCatalogue(editable);
    slow.reachable = true;
    const copies = copiesOf({ freshMs: 0 }, slow);
    put('kept');
    const lost = put('lost');
    const listed = shown(copies);
    await until(() => slow.asked === 1);
    editable.expel(lost, 'ada');
    await new CopyWriter(dataSource).forget(ADA, lost);
    slow.answer();
    await until(() => slow.asked === 2);
    slow.answer();
    expect((await listed).names).toEqual(['kept']);
  });

  it('renews by age, and keeps what goes wrong to the log', async () => {
    const copies = copiesOf();
    put('a');
    await copies.renew([ADA], 60_000);
    const asked = jest.spyOn(gate, 'search');
    await copies.renew([ADA], 60_000);
    expect(asked).not.toHaveBeenCalled();
    await age(61);
    gate.reachable = false;
    expect(await copies.renew([ADA], 60_000)).toEqual(['demo']);
    expect(asked).toHaveBeenCalledTimes(1);
  });

  it('takes as many as there are, whatever a catalogue gives at once', async () => {
    for (let i = 0; i < 25; i++) put(`p${i}`);
    jest
      .spyOn(gate, 'search')
      .mockImplementation((account, query) => editable.search(account, { ...query, limit: 10 }));
    await copiesOf().renew([ADA], 0);
    expect((await proposals.standing([ADA]))[0]?.proposals).toBe(25);
  });
});

async function until(isSo: () => boolean): Promise<void> {
  const end = Date.now() + 5000;
  while (!isSo()) {
    if (Date.now() > end) throw new Error('it never was');
    await new Promise(setImmediate);
  }
}
