export { custodySession } from './custodySession.ts';
