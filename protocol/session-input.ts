import * as z from 'zod/mini';
import { check, formatPath, type Problem, type Schema } from './values/check.ts';
import { aName, anActor, aReason, CHECKPOINT_NAME, pattern, wholeNumber } from './fields.ts';
import { aCommandProof, fieldsDigest } from './identity/proof.ts';
import type { SentProof } from './identity/standing.ts';
import { LIMITS } from './limits.ts';
import { problemsOfSpec, type SessionSpec } from './spec.ts';
import { type Frozen, isObject, problemOfJson } from './values/json.ts';

/** What a session's workflow begins with. Anyone in the namespace may start one with anything. */

const YEAR = 365 * 24 * 60 * 60 * 1000;
/** Fewer events than a run needs for itself would make it continue as new without end. */
const MIN_EVENTS = 30;

const tuning = z.object({
  /** See LIMITS.eventsPerRun. */
  eventsPerRun: z.exactOptional(wholeNumber(MIN_EVENTS, 10_000)),
  /** See LIMITS.carriedUndoBytes. */
  undoBytes: z.exactOptional(wholeNumber(1, LIMITS.carriedUndoBytes)),
  /** How long a lost attempt's worker is asked for its outcome before the attempt is in doubt, in milliseconds. */
  recallWait: z.exactOptional(wholeNumber(1, YEAR)),
  /** How long workers have to check a proof, in milliseconds. */
  proofWait: z.exactOptional(wholeNumber(1, YEAR)),
});

const starter = z.object({ actor: anActor, reason: aReason, proof: z.exactOptional(aCommandProof()) });

const forkOf = z.object({
  parent: aName,
  /** Name of the checkpoint. */
  at: pattern(CHECKPOINT_NAME, 'the name of a checkpoint'),
  by: starter,
});

/** Knobs that tests turn; a session keeps them over its runs. */
export type Tuning = Frozen<z.infer<typeof tuning>>;

/** Who started something, and why. */
export type Starter = Frozen<z.infer<typeof starter>>;

/** What a fork is made of: a checkpoint of another session, and who wants it. */
export type ForkOf = Frozen<z.infer<typeof forkOf>>;

/** What a run hands to the next, as far as it is the same for every form of a session's state. */
export interface CarriedForm {
  readonly session: { readonly version: number; readonly id: string; readonly spec: SessionSpec };
  /** Number of the last record. */
  readonly record: number;
  readonly runs: number;
  /** See `AttemptId.chain`. */
  readonly chain: string;
}

/**
 * A spec; the state of the run before it, from that run alone; or word that it goes on from a checkpoint of another
 * session, or from the last good run of its own id. That state is read by the worker, so nobody can hand
 * one in.
 */
export type SessionInput<Carried extends CarriedForm = CarriedForm> = { readonly tuning?: Tuning } & (
  | {
      readonly spec: SessionSpec;
      readonly by?: Starter;
      /** W3C trace context of whoever starts it; anything else is taken for absent. */
      readonly traceparent?: string;
    }
  | { readonly carried: Carried }
  | { readonly fork: ForkOf }
  | { readonly recover: { readonly by: Starter } }
);

/** Who begins a run, and by what. */
export interface Beginning {
  readonly act: 'start' | 'fork' | 'recover';
  /** Undefined where nobody said. */
  readonly by: Starter | undefined;
  /** What a signature has to cover: all of the input but the signature itself. */
  readonly fields: object;
}

/** Undefined for an input that goes on from the run before. */
export function beginningIn(input: SessionInput): Beginning | undefined {
  if ('carried' in input) return undefined;
  if ('fork' in input) {
    const { by } = input.fork;
    return { act: 'fork', by, fields: { ...input, fork: { ...input.fork, by: unsigned(by) } } };
  }
  if ('recover' in input) {
    const { by } = input.recover;
    return { act: 'recover', by, fields: { ...input, recover: { by: unsigned(by) } } };
  }
  const { by } = input;
  return { act: 'start', by, fields: by ? { ...input, by: unsigned(by) } : input };
}

const unsigned = ({ actor, reason }: Starter): Starter => ({ actor, reason });

/** The proof of who begins it, with the digest of what that is a proof of. */
export const proofOf = ({ by, fields }: Beginning): SentProof | undefined =>
  by?.proof && { ...by.proof, digest: fieldsDigest({ ...fields }) };

const common = { tuning: z.exactOptional(tuning) };
const bySpec = z.object({ ...common, spec: z.unknown(), by: z.exactOptional(starter) });
const byFork = z.object({ ...common, fork: forkOf });
const byRecovery = z.object({ ...common, recover: z.object({ by: starter }) });
const byCarrying = z.object({
  ...common,
  carried: z.object({ session: z.unknown(), record: wholeNumber(0), runs: wholeNumber(1), chain: aName }),
});

/**
 * What keeps an input from being a session; undefined for a good one.
 *
 * @param sessionId the id of the workflow
 * @param fresh where an earlier run made the input, which alone may hand over a state: a session before anything
 * happened to it, which tells what form a state has
 */
export function problemOfInput(
  input: unknown,
  sessionId: string,
  fresh: ((spec: SessionSpec) => CarriedForm['session']) | undefined,
): string | undefined {
  if (!isObject(input)) return 'the input is not { spec }';
  if ('carried' in input)
    return fresh
      ? problemOfCarried(input, sessionId, fresh)
      : 'only an earlier run of the session can hand over its state';
  const unsound = problemOfJson(input);
  if (unsound) return `the input cannot be taken: ${unsound}`;
  if ('fork' in input) return sentence(byFork, input);
  if ('recover' in input) return sentence(byRecovery, input);
  if (!('spec' in input)) return 'the input is not { spec }';
  return sayOf(problemsOfSpec(input.spec), 'spec') ?? sentence(bySpec, input);
}

/** The first problem of a value, with its path. */
const sentence = (schema: Schema<unknown>, value: unknown, ...at: string[]): string | undefined =>
  sayOf(check(schema, value).problems ?? [], ...at);

const sayOf = ([problem]: readonly Problem[], ...at: string[]): string | undefined =>
  problem && `${formatPath([...at, ...problem.path])} ${problem.message}`;

/**
 * A state that is not of the form of a session would fail its workflow task for ever. What is checked is the form
 * alone: everything that a fresh session has is there and of the same kind. What its parts say is not judged here;
 * where one must be, its slice says so.
 */
function problemOfCarried(
  input: Record<string, unknown>,
  sessionId: string,
  fresh: (spec: SessionSpec) => CarriedForm['session'],
): string | undefined {
  const wrong = sentence(byCarrying, input);
  if (wrong) return wrong;
  const { session } = input.carried as { readonly session: unknown };
  const at = 'carried.session';
  if (!isObject(session)) return `${at} is not the state of a session`;
  if (session.id !== sessionId) return `${at}.id is not the id of this session`;
  const spec = sayOf(problemsOfSpec(session.spec), 'carried', 'session', 'spec');
  if (spec) return spec;
  const like = fresh(session.spec as SessionSpec);
  if (session.version !== like.version) return `${at}.version is not ${like.version}, which this worker knows`;
  return unlike(session, like, at);
}

/** Where a value lacks something that `like` has, or has it in another kind; what is null there may be anything. */
function unlike(value: unknown, like: unknown, at: string): string | undefined {
  if (like === null) return value === undefined ? `${at} is missing` : undefined;
  const [is, wanted] = [kindOf(value), kindOf(like)];
  if (is !== wanted) return `${at} is ${is}, and ${wanted} is needed`;
  if (wanted !== 'an object') return undefined;
  for (const [key, part] of Object.entries(like as Record<string, unknown>)) {
    const given = Object.hasOwn(value as object, key) ? (value as Record<string, unknown>)[key] : undefined;
    const wrong = unlike(given, part, `${at}.${key}`);
    if (wrong) return wrong;
  }
  return undefined;
}

const kindOf = (value: unknown): string =>
  value === undefined
    ? 'missing'
    : value === null
      ? 'null'
      : Array.isArray(value)
        ? 'a list'
        : typeof value === 'object'
          ? 'an object'
          : `a ${typeof value}`;
