export { custodySession } from './custodySession.ts';
export { custodyWatcher } from './custodyWatcher.ts';
