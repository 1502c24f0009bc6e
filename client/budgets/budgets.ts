import { WorkflowNotFoundError, type WorkflowExecutionInfo } from '@temporalio/client';
import { amountIn } from '../../protocol/money/amount.ts';
import type { BudgetChange, BudgetView } from '../../protocol/money/budgets.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { BUDGET_TYPE, budgetQuery, budgetUpdate, budgetWorkflowId } from '../../workflows/budget/messages.ts';
import type { Context } from '../context.ts';
import { askAll, type Unanswering } from '../list/askAll.ts';
import { lister } from '../temporal/lister.ts';
import { persist } from '../temporal/persist.ts';
import { query } from '../temporal/query.ts';
import { quoted } from '../temporal/quoted.ts';
import { withWorker } from '../temporal/withWorker.ts';

/** The budgets that sessions have drawn on. */
export interface AllBudgets {
  /** By name. */
  readonly budgets: readonly BudgetView[];
  /** Those that did not say how they stand, by their names. */
  readonly unanswered: readonly Unanswering[];
}

/** Budgets that several sessions share. A budget is there once a session has drawn on it. */
export class Budgets {
  readonly #context: Context;

  constructor(context: Context) {
    this.#context = context;
  }

  /** How all budgets of the workers stand. They are found by lists of Temporal, which are some moments behind. */
  async list(): Promise<AllBudgets> {
    const { answers, unanswered } = await askAll(await idsIn(this.#context), (id) => this.describe(id));
    return { budgets: answers.toSorted((a, b) => a.id.localeCompare(b.id)), unanswered };
  }

  /**
   * How one stands.
   *
   * @param id `NAME`, or `NAME/KEY`
   * @throws CustodyError BUDGET_NOT_FOUND, NO_WORKER, TEMPORAL_UNAVAILABLE
   */
  describe(id: string): Promise<BudgetView> {
    return named(id, () => query(this.#context, budgetWorkflowId(this.#context.taskQueue, id), budgetQuery));
  }

  /**
   * Sets the limit for the period at hand; the next begins with that of custody.yaml.
   *
   * @param usd as text, such as '12.5'
   * @throws CustodyError USAGE, BUDGET_NOT_FOUND, NO_WORKER
   */
  setLimit(id: string, usd: string, options: { readonly reason: string }): Promise<BudgetView> {
    const limit = amountIn(usd);
    if (limit === undefined) throw new CustodyError('USAGE', `'${usd}' is no amount in USD above 0, such as '12.5'.`);
    return this.#change(id, { ...this.#by(options), limit });
  }

  /**
   * Frees what a session has of a budget that will not give it back, as it was terminated or deleted in Temporal. What
   * it said last that it used stays spent.
   *
   * @throws CustodyError BUDGET_IN_USE where it runs, BUDGET_LEASE_NOT_FOUND, BUDGET_NOT_FOUND, NO_WORKER
   */
  async release(id: string, session: string, options: { readonly reason: string }): Promise<BudgetView> {
    const status = await statusOf(this.#context, session);
    if (status === 'RUNNING')
      throw new CustodyError('BUDGET_IN_USE', `The session '${session}' runs, and may use what it has of '${id}'.`);
    return this.#change(id, { ...this.#by(options), release: session });
  }

  #by({ reason }: { readonly reason: string }) {
    return { actor: this.#context.actor, reason };
  }

  async #change(id: string, given: BudgetChange): Promise<BudgetView> {
    const { client, taskQueue } = this.#context;
    const workflowId = budgetWorkflowId(taskQueue, id);
    const handle = client.workflow.getHandle(workflowId);
    const send = () => withWorker(this.#context, () => handle.executeUpdate(budgetUpdate, { args: [given] }));
    const reply = await named(id, () => persist(send, workflowId));
    if (!reply.ok) throw new CustodyError(reply.refusal.code, reply.refusal.message);
    return reply.view;
  }
}

async function named<T>(id: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof CustodyError) || !/^SESSION_(NOT_FOUND|ENDED)$/.test(error.code)) throw error;
    const how = error.code === 'SESSION_ENDED' ? 'does not run' : 'is not there: no session has drawn on it yet';
    throw new CustodyError('BUDGET_NOT_FOUND', `The budget '${id}' ${how}.`, { cause: error });
  }
}

async function idsIn({ client, taskQueue }: Context): Promise<readonly string[]> {
  const all = budgetWorkflowId(taskQueue, '');
  const found = new Set<string>();
  const take = ({ workflowId }: WorkflowExecutionInfo): void => {
    if (workflowId.startsWith(all)) found.add(workflowId.slice(all.length));
  };
  const pots = `WorkflowType = ${quoted(BUDGET_TYPE)} AND ExecutionStatus != 'ContinuedAsNew'`;
  for (const which of [`${pots} AND TemporalNamespaceDivision = 'custody'`, pots])
    for await (const execution of lister(client).list({ query: which })) take(execution);
  return [...found];
}

async function statusOf({ client }: Context, session: string): Promise<string | undefined> {
  try {
    return (await lister(client).getHandle(session).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined;
    throw error;
  }
}
