import { Global, Module } from '@nestjs/common';
import { Authorisations } from './authorisations';
import { CatalogueAuthorisation } from './catalogue-authorisation';

import { DeciderSight } from './decider-sight';
import { FirstAdmin } from './first-admin/first-admin';
import { InvitationRedemption } from './invitations/invitation-redemption';
import { Invitations } from './invitations/invitations';
import { InvitationsController } from './invitations/invitations.controller';
import { OwnInvitationController } from './invitations/own-invitation.controller';
import { OpenRequests } from './open-requests';
import { OwnAuthorisationController } from './own-authorisation.controller';
import { OwnRequests } from './own-requests';
import { PeopleController } from './people/people.controller';
import { PeopleList } from './people/people-list';
import { PersonRoles } from './people/person-roles';
import { RequestDecisions } from './request-decisions';
import { RequestList } from './request-list';
import { RequestsController } from './requests.controller';
import { RoleTerms } from './role-terms';

/** The authorisation database. Global: a sign-in asks it whether a catalogue lets the person in. */
@Global()
@Module({
  controllers: [
    OwnAuthorisationController,
    OwnInvitationController,
    RequestsController,
    InvitationsController,
    PeopleController,
  ],
  providers: [
    Authorisations,
    CatalogueAuthorisation,
    DeciderSight,
    FirstAdmin,
    InvitationRedemption,
    Invitations,
    OpenRequests,
    OwnRequests,
    RequestDecisions,
    PeopleList,
    PersonRoles,
    RequestList,
    RoleTerms,
  ],
  exports: [Authorisations, CatalogueAuthorisation, DeciderSight],
})
export class AuthorisationModule {}
