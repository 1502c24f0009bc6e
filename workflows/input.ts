import { CHECKPOINT_NAME } from '../session/undo/checkpoint.ts';
import { RESERVED_ACTORS } from '../session/commands.ts';
import { LIMITS } from '../protocol/limits.ts';
import { isObject, problemOfJson } from '../protocol/values/json.ts';
import { isRef } from '../protocol/values/payload.ts';

const MAX_NAME = 200;
const MAX_REASON = 2000;
const MAX_SERVERS = 32;
const YEAR = 365 * 24 * 60 * 60 * 1000;
/** Fewer events than a run needs for itself would make it continue as new without end. */
const MIN_EVENTS = 30;

/**
 * What keeps an input from being a session; undefined for a good one. Clients check a spec in full; here stands only
 * what a session builds on, since anyone in the namespace may start a workflow with anything.
 *
 * @param isContinued whether an earlier run made the input: nobody else may hand a session its state
 */
export function problemOfInput(input: unknown, isContinued: boolean): string | undefined {
  if (!isObject(input)) return 'the input is not { spec }';
  if ('carried' in input)
    return isContinued && isObject(input.carried)
      ? undefined
      : 'only an earlier run of the session can hand over its state';
  if ('fork' in input)
    return (
      (isFork(input.fork) ? undefined : 'fork must name the parent, a checkpoint of it, and who forks it and why') ??
      problemOfTuning(input.tuning)
    );
  if ('recover' in input)
    return (
      (isObject(input.recover) && isStarter(input.recover.by)
        ? undefined
        : 'recover.by must say who recovers the session, and why') ?? problemOfTuning(input.tuning)
    );
  if (!('spec' in input)) return 'the input is not { spec }';
  const unsound = problemOfJson(input);
  if (unsound) return unsound;
  return problemOfSpec(input.spec) ?? problemOfTuning(input.tuning);
}

function problemOfSpec(spec: unknown): string | undefined {
  if (!isObject(spec) || !isObject(spec.agent) || !isName(spec.agent.id) || !isName(spec.agent.version))
    return `spec.agent needs id and version, texts of at most ${MAX_NAME} characters`;
  if (!isName(spec.profile)) return 'spec.profile must name a profile';
  const { servers, labels, overrides, plan } = spec;
  if (
    !Array.isArray(servers) ||
    servers.length > MAX_SERVERS ||
    !servers.every(isName) ||
    new Set(servers).size < servers.length
  )
    return `spec.servers must be a list of at most ${MAX_SERVERS} names, each once`;
  if (labels !== undefined && !(isObject(labels) && Object.values(labels).every((label) => typeof label === 'string')))
    return 'spec.labels must be texts by name';
  if (overrides !== undefined && !isObject(overrides)) return 'spec.overrides must be an object';
  if (plan !== undefined && !(Array.isArray(plan) && plan.every(isStep)))
    return 'spec.plan must be a list of calls, waits, checkpoints, rollbacks and parallel groups';
  return undefined;
}

function problemOfTuning(tuning: unknown): string | undefined {
  if (tuning === undefined) return undefined;
  if (!isObject(tuning)) return 'tuning must be an object';
  const { eventsPerRun = MIN_EVENTS, recallWait = 1, undoBytes = 1 } = tuning;
  return isBetween(eventsPerRun, MIN_EVENTS, 10_000) &&
    isBetween(recallWait, 1, YEAR) &&
    isBetween(undoBytes, 1, LIMITS.carriedUndoBytes)
    ? undefined
    : 'tuning is out of its bounds';
}

function isStep(step: unknown): boolean {
  if (!isObject(step)) return false;
  if ('parallel' in step) return Array.isArray(step.parallel) && step.parallel.every(isLeaf);
  return 'checkpoint' in step ? isName(step.checkpoint) : 'rollback' in step ? isName(step.rollback) : isLeaf(step);
}

const isLeaf = (leaf: unknown): boolean =>
  isObject(leaf) &&
  ('wait' in leaf
    ? isBetween(leaf.wait, 0, YEAR)
    : isName(leaf.call) &&
      leaf.call.includes('.') &&
      (leaf.args === undefined || isObject(leaf.args)) &&
      (leaf.argsRef === undefined || (isRef(leaf.argsRef) && leaf.args === undefined)) &&
      (leaf.as === undefined || isName(leaf.as)));

const isFork = (fork: unknown): boolean =>
  isObject(fork) &&
  isName(fork.parent) &&
  !problemOfJson(fork.parent) &&
  typeof fork.at === 'string' &&
  CHECKPOINT_NAME.test(fork.at) &&
  isStarter(fork.by);

const isStarter = (by: unknown): boolean =>
  isObject(by) &&
  isName(by.actor) &&
  !RESERVED_ACTORS.includes(by.actor) &&
  typeof by.reason === 'string' &&
  by.reason.length <= MAX_REASON &&
  !problemOfJson(by);

const isName = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_NAME;
const isBetween = (value: unknown, least: number, most: number): boolean =>
  typeof value === 'number' && value >= least && value <= most;
