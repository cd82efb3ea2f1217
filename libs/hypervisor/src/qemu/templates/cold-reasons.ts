/** Why a desktop boots although a copy would be quicker, for its user. */
export const COLD_REASONS = {
  waiting: 'Its prepared copy is not made yet.',
  building: 'Its prepared copy is being made right now.',
  setAside: 'Its prepared copy could not be made; the facility has been told.',
  impossible: 'This kind of desktop cannot be copied.',
  virtiofs: 'It reads its data by virtiofs, and such a desktop cannot be copied.',
  gpus: 'It has a graphics card of its own, and such a desktop cannot be copied.',
  network: 'It has a way out to the network, and no copy is prepared for that.',
  cloudInit: 'It is set up at its first boot, and no copy is prepared for that.',
  image: 'Its system image is one that boots each time.',
  nfs: 'It reads its data by NFS, and no copy is prepared for that.',
  failed: 'Its prepared copy did not work this time.',
  kept: 'It boots from its kept disk.',
} as const;
