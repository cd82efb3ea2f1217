export * from './amounts';
export * from './decide-allocation';
export * from './decide-launch';
export * from './limits';
export * from './resources';
export * from './subject';
export * from './usage';
export * from './words';
