export * from './decide-allocation';
export * from './resources';
export * from './usage';
