import { FILE_RULES, FILES_SERVER } from '../support/filesScene.ts';
import { AGENTS } from './scenarios/agents.ts';
import { BUDGETS, SHARED } from './scenarios/budgets.ts';
import { CALLS } from './scenarios/calls.ts';
import { CONTINUE_AS_NEW } from './scenarios/continueAsNew.ts';
import { DEADLINES } from './scenarios/deadlines.ts';
import { MONEY, PRICES, RULES } from './scenarios/money.ts';
import { NOTICES, SENT_TO } from './scenarios/notices.ts';
import { PROOFS } from './scenarios/proofs.ts';
import { ASKING_SERVERS, QUESTIONS } from './scenarios/questions.ts';
import { RELEASE } from './scenarios/release.ts';
import { RECOVERIES } from './scenarios/recoveries.ts';
import { ROLLBACKS } from './scenarios/rollbacks.ts';
import { REVIEWS } from './scenarios/reviews.ts';
import { SERVERS } from './scenarios/servers.ts';
import type { Scenarios } from './scenarios/running.ts';

/** One session for each kind of history that a change to the workflow must still replay. */
export const SCENARIOS: Scenarios = {
  ...CALLS,
  ...DEADLINES,
  ...ROLLBACKS,
  ...CONTINUE_AS_NEW,
  ...AGENTS,
  ...SERVERS,
  ...RECOVERIES,
  ...QUESTIONS,
  ...PROOFS,
  ...MONEY,
  ...REVIEWS,
  ...NOTICES,
  ...SHARED,
  ...RELEASE,
};

/** The profile, servers and tools that the scenarios need. */
export const SCENARIO_OPTIONS = {
  profile: { session: { timeout: '2h', autoResume: true }, cost: { budgetLimit: 100, costAlert: true } },
  rules: RULES,
  config: { prices: PRICES, notices: { to: { ops: SENT_TO } }, budgets: BUDGETS },
  servers: { files: FILES_SERVER, ...ASKING_SERVERS },
  tools: {
    'journal.append': { effect: 'irreversible', timeout: '1s' },
    'journal.upsert': { effect: 'idempotent', timeout: '5s' },
    ...FILE_RULES,
  },
};
