/** Why a desktop boots although a copy would be quicker, for its user. */
export const COLD_REASONS = {
  waiting: 'Its prepared copy is not made yet.',
  building: 'Its prepared copy is being made right now.',
  setAside: 'Its prepared copy could not be made; the facility has been told.',
  impossible: 'This kind of desktop cannot be copied.',
  failed: 'Its prepared copy did not work this time.',
  kept: 'It boots from its kept disk.',
} as const;
