export { custodySession } from './custodySession.ts';
export { custodyWatcher } from './watcher/custodyWatcher.ts';
