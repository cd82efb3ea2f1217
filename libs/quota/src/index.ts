export * from './amounts';
export * from './decide-allocation';
export * from './resources';
export * from './subject';
export * from './usage';
