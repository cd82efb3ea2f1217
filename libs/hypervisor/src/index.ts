export * from './errors';
export * from './hypervisor';
export * from './machine';
