import { ApplicationFailure, condition, makeContinueAsNewFunc, setHandler, workflowInfo } from '@temporalio/workflow';
import { LIMITS } from '../../protocol/limits.ts';
import { budgetChange, type Drawn, type DrawRequest } from '../../protocol/money/budgets.ts';
import { check } from '../../protocol/values/check.ts';
import { isObject } from '../../protocol/values/json.ts';
import { countsAnyway, unprovenIn } from '../../protocol/values/unproven.ts';
import { change } from '../../session/pot/change.ts';
import { draw } from '../../session/pot/draw.ts';
import { newPot } from '../../session/pot/pot.ts';
import { viewOf } from '../../session/pot/view.ts';
import type { Resets } from '../sdk/resets.ts';
import { type BudgetInput, type BudgetReply, budgetQuery, budgetUpdate, drawUpdate, potQuery } from './messages.ts';

/**
 * The money that several sessions share: one workflow for each pot, for ever. It does nothing by itself. What sessions
 * say comes by workers of the deployment, and counts only where they said it; what persons say is on record with who
 * and why, as they claim.
 */
export async function custodyBudget(input: BudgetInput, resets?: Resets): Promise<never> {
  checkProof(input);
  const { id, terms, period } = input;
  let pot = input.pot ?? newPot(id, terms, period);
  let isReset = false;
  resets?.listen(() => (isReset = true));

  setHandler(potQuery, () => ({ pot, isReset }));
  setHandler(budgetQuery, () => viewOf(pot));
  setHandler(
    drawUpdate,
    (given): Drawn => {
      if (isReset) throw wasReset(id);
      const { pot: next, answer } = draw(pot, given as DrawRequest, Date.now());
      pot = next;
      return answer;
    },
    { validator: checkRequest, description: 'From a worker, for a session. Nobody else needs to send it.' },
  );
  setHandler(
    budgetUpdate,
    (given): BudgetReply => {
      if (isReset) throw wasReset(id);
      const changed = change(pot, checkedChange(given), Date.now());
      if (!changed.ok) return changed;
      ({ pot } = changed);
      return { ok: true, view: viewOf(pot) };
    },
    {
      validator: (given) => void checkedChange(given),
      description: 'Input: actor, reason, and limit (whole micro-USD, for this period) or release (id of a session).',
    },
  );

  await condition(() => isReset || isLong());
  if (isReset) throw wasReset(id);
  return makeContinueAsNewFunc<typeof custodyBudget>({})({ id, terms, period, pot });
}

function isLong(): boolean {
  const { historyLength, historySize, continueAsNewSuggested } = workflowInfo();
  return continueAsNewSuggested || historyLength > LIMITS.eventsPerRun || historySize > LIMITS.historyBytes / 2;
}

/** A run that a worker of the deployment began, or the run before it. */
function checkProof(input: BudgetInput): void {
  const { runStartTime, continuedFromExecutionRunId } = workflowInfo();
  const unproven = unprovenIn(input);
  if (!unproven || countsAnyway(unproven, runStartTime.getTime())) return;
  const message = `The budget cannot begin: its input does not count, as ${unproven.why}.`;
  // One whose key is not here waits for a worker that has it: the plain error fails the workflow task, and no more.
  if (unproven.missing !== undefined && continuedFromExecutionRunId !== undefined) throw new Error(message);
  throw ApplicationFailure.nonRetryable(message, 'NOT_AUTHENTICATED');
}

function checkRequest(given: unknown): void {
  const unproven = unprovenIn(given);
  if (unproven && !countsAnyway(unproven, Date.now()))
    throw ApplicationFailure.nonRetryable(`What was said does not count: ${unproven.why}.`, 'NOT_AUTHENTICATED');
  const { session, n, used, before, want, least } = isObject(given) ? given : {};
  const isSound = [n, used, before, want, least].every((each) => Number.isSafeInteger(each) && (each as number) >= 0);
  if (!isSound || typeof session !== 'string')
    throw ApplicationFailure.nonRetryable('This is no request of a session.', 'MALFORMED_COMMAND');
}

function checkedChange(given: unknown) {
  const { value, problems } = check(budgetChange, given);
  if (value) return value;
  const said = problems?.map(({ path, message }) => `${path.join('.') || 'the input'} ${message}`).join('; ');
  throw ApplicationFailure.nonRetryable(`set: ${said}`, 'MALFORMED_COMMAND');
}

const wasReset = (id: string): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    `The budget '${id}' was reset in Temporal, and does not know what it granted after that point: it begins again ` +
      'with the state before, when a session draws on it.',
    'BUDGET_UNAVAILABLE',
  );
