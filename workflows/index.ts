export { custodyBudget } from './budget/custodyBudget.ts';
export { custodySession } from './custodySession.ts';
export { custodyWatcher } from './watcher/custodyWatcher.ts';
export { custodySeal } from './evidence/custodySeal.ts';
export { custodySealLog } from './evidence/custodySealLog.ts';
export { custodyNotices } from './notices/custodyNotices.ts';
