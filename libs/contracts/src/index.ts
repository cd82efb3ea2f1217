export * from './error';
export * from './events';
export * from './instance';
export * from './internal';
export * from './proposal';
export * from './quota';
export * from './session';
export * from './template';
