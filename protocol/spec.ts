import * as z from 'zod/mini';
import { check, type Problem, type Schema } from './values/check.ts';
import {
  addProblem,
  anObject,
  aRef,
  CHECKPOINT_NAME,
  onObjects,
  pattern,
  pick,
  plainName,
  printable,
  START,
  wholeNumber,
} from './fields.ts';
import { LIMITS } from './limits.ts';
import { byteLength } from './values/digest.ts';
import { type Frozen, isObject, type JsonObject } from './values/json.ts';
import { referencesIn } from './values/references.ts';
import { listed, nearest, quote } from './values/text.ts';

/** What a user starts a session with. Servers, tools and profiles are the operator's: a spec only names them. */

/** Servers that one session may open. */
const SERVERS = 32;
/** Members of one parallel group. */
const MEMBERS = 64;
const LABELS = 16;

/** The bounds of a wait, in milliseconds. */
export const WAIT = { least: 1, most: 365 * 24 * 60 * 60 * 1000 } as const;

/** `server.tool`; MCP sets no form for tool names, so everything that can be seen is taken. */
const toolName = printable(200, 'server.tool').check(
  z.regex(
    /^[a-z0-9][a-z0-9_-]{0,62}\../i,
    'must be server.tool, the name of a server of this session and of one of its tools',
  ),
);

const args = anObject('must be a mapping (lines of "key: value")').check(
  z.superRefine((value, ctx) => {
    const bytes = byteLength(JSON.stringify(value));
    if (bytes > LIMITS.messageBytes)
      addProblem(ctx, [], `are ${bytes} bytes; a call carries at most ${LIMITS.messageBytes}`);
    const [reference] = bytes > LIMITS.argumentBytes ? referencesIn(value) : [];
    if (reference)
      addProblem(
        ctx,
        [],
        `are ${bytes} bytes and refer to ${quote(reference.name)}; arguments with references are at most ` +
          `${LIMITS.argumentBytes} bytes, as larger ones are kept outside history`,
      );
  }),
);

const planCall = z
  .strictObject({
    call: toolName,
    /** May hold references to earlier results: `${name.path.to.0.part}`. */
    args: z.exactOptional(args),
    /** Instead of `args`: arguments too large for history, which `start` put into the payload store. No references. */
    argsRef: z.exactOptional(
      aRef(
        'must be a reference to the payload store, { sha256, bytes, preview }; write args instead, and they are put ' +
          'there where they are large',
      ),
    ),
    /** The name under which later steps refer to the result. */
    as: z.exactOptional(
      pattern(/^[a-z][\w-]{0,62}$/i, 'a name of at most 63 letters, digits, "-" and "_", beginning with a letter'),
    ),
    /** When the call ends in anything but success: end the session as FAILED (default), go on, pause, or roll back. */
    onError: z.exactOptional(z.enum(['fail', 'continue', 'pause', 'rollback'])),
  })
  .check(
    z.superRefine((value, ctx) => {
      if ('args' in value && 'argsRef' in value)
        addProblem(ctx, ['argsRef'], 'stands beside args; keep one of them', true);
    }, onObjects),
  );

const checkpointName = pattern(
  CHECKPOINT_NAME,
  'a name of at most 63 letters, digits, ".", "_" and "-", beginning with a letter or digit',
);

/** A session has each checkpoint once. */
const planCheckpoint = z.strictObject({
  checkpoint: checkpointName.check(
    z.refine((value) => value !== START, `must not be "${START}", which names the start of the session`),
  ),
});

/** To a checkpoint, or `start`. */
const planRollback = z.strictObject({ rollback: checkpointName });

const STEPS = ['call', 'parallel', 'wait', 'checkpoint', 'rollback'];

/** The kind that a step without one most likely has, by a key that is nearly one. */
const guessedKind = (value: object): string | undefined =>
  Object.keys(value)
    .map((key) => nearest(key, STEPS))
    .find((key) => key !== undefined);

/** Tells steps apart by the key that they have; exactly one. */
function kindOf(value: unknown): { readonly kind: string } | string {
  if (!isObject(value)) return `must be a mapping with one of ${listed(STEPS)}, such as { call: server.tool }`;
  const kinds = STEPS.filter((key) => Object.hasOwn(value, key));
  if (kinds.length > 1) return `has ${listed(kinds)}, and a step is one of them; make separate steps of it`;
  return { kind: kinds[0] ?? guessedKind(value) ?? 'call' };
}

export type PlanCall = Frozen<z.infer<typeof planCall>>;
export type PlanCheckpoint = Frozen<z.infer<typeof planCheckpoint>>;
export type PlanRollback = Frozen<z.infer<typeof planRollback>>;
export interface PlanWait {
  /** Milliseconds. */
  readonly wait: number;
}
export interface PlanParallel {
  readonly parallel: readonly PlanLeaf[];
}
export type PlanLeaf = PlanCall | PlanWait;
/** A plan runs its steps in order; the members of a parallel group run together. */
export type PlanStep = PlanLeaf | PlanParallel | PlanCheckpoint | PlanRollback;

function planOf(wait: Schema<number>) {
  const planWait: Schema<PlanWait> = z.strictObject({ wait });
  const leaf = pick((value): Schema<PlanLeaf> | string => {
    const step = kindOf(value);
    if (typeof step === 'string') return step;
    if (step.kind === 'parallel') return 'is a parallel group within another one; put its members into the outer group';
    if (step.kind === 'checkpoint' || step.kind === 'rollback')
      return `is a ${step.kind} within a parallel group; make a step of its own of it`;
    return step.kind === 'wait' ? planWait : planCall;
  });
  const parallel: Schema<PlanParallel> = z.strictObject({
    parallel: z
      .array(leaf)
      .check(
        z.minLength(1, 'is empty; write at least one call or wait'),
        z.maxLength(MEMBERS, `has more than ${MEMBERS} members; make several groups of it`),
      ),
  });
  const step = pick((value): Schema<PlanStep> | string => {
    const kind = kindOf(value);
    if (typeof kind === 'string') return kind;
    if (kind.kind === 'parallel') return parallel;
    if (kind.kind === 'checkpoint') return planCheckpoint;
    return kind.kind === 'rollback' ? planRollback : leaf;
  });
  return z.array(step).check(z.minLength(1, 'is empty; write at least one step, or leave the key out'));
}

const servers = z.array(plainName()).check(
  z.minLength(1, 'is empty; name at least one server of custody.yaml'),
  z.maxLength(SERVERS, `has more than ${SERVERS} servers`),
  z.superRefine((names, ctx) => {
    if (names.length <= SERVERS)
      for (const [index, server] of names.entries())
        if (names.indexOf(server) < index) addProblem(ctx, [index], 'names the same server again; keep one of them');
  }),
);

const labels = z.record(z.string(), printable(256)).check(
  z.superRefine((value, ctx) => {
    if (Object.keys(value).length > LABELS) addProblem(ctx, [], `has more than ${LABELS} labels; leave some out`);
    for (const key of Object.keys(value))
      if (!/^[a-z0-9][\w./-]{0,62}$/i.test(key))
        addProblem(ctx, [key], 'must be a name of at most 63 letters, digits, ".", "/", "-" and "_"', true);
  }, onObjects),
);

/** The schema of a spec whose waits and overrides are written in this form: in a file, or as a session carries them. */
export const specOf = (wait: Schema<number>, overrides: Schema<JsonObject>) =>
  z.strictObject({
    agent: z.strictObject({ id: printable(128), version: printable(128) }),
    /** Name of a governance profile in custody.yaml. */
    profile: plainName(),
    /** Names of servers in custody.yaml. */
    servers,
    /** Parts of the profile, tightened; as written, checked by the worker against the profile. */
    overrides: z.exactOptional(overrides),
    labels: z.exactOptional(labels),
    plan: z.exactOptional(planOf(wait)),
    /** Stay RUNNING for outside callers after the plan is done. Without a plan a session always does. */
    keepOpen: z.exactOptional(z.boolean()),
  });

const started = specOf(wholeNumber(WAIT.least, WAIT.most), anObject('must be a mapping, parts of the profile'));

export type SessionSpec = Frozen<z.infer<typeof started>>;

/** What is wrong with a spec that a session was started with, as far as one value alone tells. */
export const problemsOfSpec = (spec: unknown): readonly Problem[] => check(started, spec).problems ?? [];
