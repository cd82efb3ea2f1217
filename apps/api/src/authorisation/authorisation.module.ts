import { Global, Module } from '@nestjs/common';
import { AuthorisationsController } from './authorisations.controller';
import { Authorisations } from './authorisations';
import { AuthorisedPeople } from './authorised-people';
import { CatalogueAuthorisation } from './catalogue-authorisation';
import { OpenRequests } from './open-requests';
import { OwnAuthorisationController } from './own-authorisation.controller';
import { OwnRequests } from './own-requests';
import { RequestDecisions } from './request-decisions';
import { RequestList } from './request-list';
import { RequestsController } from './requests.controller';

/** The authorisation database. Global: a sign-in asks it whether a catalogue lets the person in. */
@Global()
@Module({
  controllers: [OwnAuthorisationController, RequestsController, AuthorisationsController],
  providers: [
    Authorisations,
    AuthorisedPeople,
    CatalogueAuthorisation,
    OpenRequests,
    OwnRequests,
    RequestDecisions,
    RequestList,
  ],
  exports: [Authorisations, CatalogueAuthorisation],
})
export class AuthorisationModule {}
