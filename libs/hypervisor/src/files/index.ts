export * from './errors';
export * from './guest-files';
