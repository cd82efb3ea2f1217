export { CurrentPerson } from './current-person';
export { LoginSessions, type Resolved } from './login-sessions';
export { isOurOrigin } from './origin';
export type { Person } from './person';
export { Policy, type PolicyName, type Refusal } from './policy';
