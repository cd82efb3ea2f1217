import { HttpTestingController } from '@angular/common/http/testing';
import { Component } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { RouterTestingHarness } from '@angular/router/testing';
import type { LoginSessionView } from '@beamdesk/contracts';
import { PageBed } from '../testing/page-bed';
import { offer } from '../testing/people-views';
import { refuse, setUpPortal, signIn, words } from '../testing/portal';
import { ownAuthorisation, session, signedOutSession } from '../testing/views';
import { InvitationPage } from './invitation-page';

@Component({ template: 'proposals' })
class Proposals {}

const CODE = 'abcdefghijklmnopqrstuvwxyz012345';
const OFFER = '/api/authorisation/invitation';

describe('InvitationPage', () => {
  let http: HttpTestingController;
  let bed: PageBed;
  const text = () => words(bed.page);
  const url = () => TestBed.inject(Router).url;

  async function open(address: string, who: LoginSessionView): Promise<void> {
    http = setUpPortal([
      { path: 'invitation', component: InvitationPage },
      { path: 'proposals', component: Proposals },
    ]);
    await signIn(http, who);
    const harness = await RouterTestingHarness.create(address);
    bed = new PageBed(harness.fixture);
    await bed.rest();
  }
  async function shown(who = session({ authorised: false })): Promise<void> {
    await open('/invitation', who);
    http.expectOne(OFFER).flush(offer());
    await bed.rest();
  }

  it('takes the code out of the address, hands it in, and has a stranger sign in without it', async () => {
    await open(`/invitation#${CODE}`, signedOutSession);
    expect(url()).toBe('/invitation');
    const handed = http.expectOne({ method: 'POST', url: '/api/auth/invitation' });
    expect(handed.request.body).toEqual({ code: CODE });
    handed.flush(null);
    await bed.rest();
    http.expectNone(OFFER);
    expect(bed.page.querySelector('a[href*="sign-in"]')?.getAttribute('href')).toContain('returnTo=%2Finvitation');
    expect(bed.page.innerHTML).not.toContain(CODE);
    expect(JSON.stringify([{ ...localStorage }, { ...sessionStorage }])).not.toContain(CODE);
  });

  it('shows whoever comes back from the sign-in what is offered, by whom, and to whom', async () => {
    await shown();
    for (const said of ['Dana Moreau of Demo Light Source offers', 'Measures with us in March.', 'User:', 'Ada Okafor']) {
      expect(text()).toContain(said);
    }
    http.expectNone('/api/auth/invitation');
  });

  it('lets them in once they accept', async () => {
    await shown();
    await bed.press('Accept as Ada Okafor');
    http.expectOne({ method: 'POST', url: `${OFFER}/acceptance` }).flush(ownAuthorisation());
    await bed.rest();
    http.expectOne('/api/session').flush(session());
    await bed.rest();
    expect(url()).toBe('/proposals');
  });

  it('says when somebody else was quicker', async () => {
    await shown();
    await bed.press('Accept as Ada Okafor');
    refuse(http.expectOne(`${OFFER}/acceptance`), 410, 'INVITATION_USED', 'It was accepted already.');
    await bed.rest();
    refuse(http.expectOne(OFFER), 410, 'INVITATION_USED', 'It was accepted already.');
    await bed.rest();
    expect(text()).toContain('This invitation leads nowhere It was accepted already.');
    expect(url()).toBe('/invitation');
  });

  it('puts it away when asked to', async () => {
    await shown();
    await bed.press('Not now');
    http.expectOne({ method: 'DELETE', url: OFFER }).flush(null);
    await bed.rest();
    expect(url()).toBe('/proposals');
  });

  it.each(['NO_INVITATION', 'INVITATION_UNKNOWN', 'INVITATION_EXPIRED', 'INVITATION_WITHDRAWN', 'OWN_INVITATION'])(
    'offers nothing to press where the answer is %s',
    async (code) => {
      await open('/invitation', session());
      refuse(http.expectOne(OFFER), 410, code, 'The sentence of the api.');
      await bed.rest();
      expect(bed.page.querySelector('[role=alert]')?.textContent).toContain('The sentence of the api.');
      expect(bed.page.querySelectorAll('button')).toHaveLength(0);
    },
  );

  it('tries again with the code where it did not arrive', async () => {
    await open(`/invitation#${CODE}`, session());
    refuse(http.expectOne('/api/auth/invitation'), 503, 'UNAVAILABLE', 'Not now.');
    await bed.rest();
    await bed.press('Try again');
    const again = http.expectOne('/api/auth/invitation');
    expect(again.request.body).toEqual({ code: CODE });
    again.flush(null);
    http.expectOne(OFFER).flush(offer());
    await bed.rest();
    expect(text()).toContain('Dana Moreau');
  });
});
