export * from '../files/memory-files';
export * from '../memory/memory-hypervisor';
export * from './delegating-hypervisor';
export * from './doubles';
export * from './hypervisor-contract';
export * from './machine-spec';
