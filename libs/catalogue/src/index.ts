export * from './catalogue';
export * from './errors';
export * from './file/file-catalogue';
export * from './file/positioned-yaml';
export type { Retrieve } from './file/remembered-restores';
export * from './proposal';
export * from './proposal-key';
export * from './search-proposals';
