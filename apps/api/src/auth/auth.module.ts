import { Global, Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { PassportModule } from '@nestjs/passport';
import { AccessGuard } from './access.guard';
import { ConditionsController } from './conditions.controller';
import { DemoPeople } from './demo-people';
import { DirectorySignIn } from './ldap/directory-sign-in';
import { LocalAccounts } from './local-accounts/local-accounts';
import { LocalSignIn } from './local-accounts/local-sign-in';
import { LocalSignInController } from './local-accounts/local-sign-in.controller';
import { PasswordAttempts } from './local-accounts/password-attempts';
import { ProvenPasswords } from './local-accounts/proven-passwords';
import { LoginSessions } from './login-sessions';
import { AccountController } from './linking/account.controller';
import { ArrivedLinks } from './linking/arrived-links';
import { IdentityLinks } from './linking/identity-links';
import { OwnAccount } from './linking/own-account';
import { OwnLinks } from './linking/own-links';
import { People } from './people';
import { SessionController } from './session.controller';
import { Accounts } from './sign-in/accounts';
import { IdentityProviders } from './sign-in/identity-providers';
import { Login } from './sign-in/login';
import { PendingSignIns } from './sign-in/pending-sign-in';
import { SignInController } from './sign-in/sign-in.controller';
import { SignInFlow } from './sign-in/sign-in-flow';
import { SignInProviders } from './sign-in/sign-in-providers';
import { SignInStrategy } from './sign-in/sign-in.strategy';

/** Who is asking, and whether they may. Global: every feature names policies and may ask for `LoginSessions`. */
@Global()
@Module({
  imports: [PassportModule],
  controllers: [SessionController, ConditionsController, SignInController, LocalSignInController, AccountController],
  providers: [
    People,
    LoginSessions,
    IdentityProviders,
    PendingSignIns,
    SignInFlow,
    SignInProviders,
    SignInStrategy,
    Accounts,
    Login,
    LocalAccounts,
    LocalSignIn,
    DirectorySignIn,
    PasswordAttempts,
    ProvenPasswords,
    IdentityLinks,
    OwnLinks,
    ArrivedLinks,
    OwnAccount,
    DemoPeople,
    { provide: APP_GUARD, useClass: AccessGuard },
  ],
  exports: [People, LoginSessions],
})
export class AuthModule {}
