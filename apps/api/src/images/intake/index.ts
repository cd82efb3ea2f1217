export * from './convert-image';
export { fetchImage } from './fetch-image';
export * from './image-refused';
export { inspectImage } from './inspect-image';
export * from './refusal-codes';
export * from './types';
