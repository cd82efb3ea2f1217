export * from './image-refused';
export * from './refusal-codes';
export * from './types';
