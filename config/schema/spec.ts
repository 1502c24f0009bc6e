import { z } from 'zod';
import { byteLength } from '../../protocol/values/digest.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Json, JsonObject } from '../../protocol/values/json.ts';
import { isObject } from '../../protocol/values/json.ts';
import { isRef, type Ref } from '../../protocol/values/payload.ts';
import { referencesIn } from '../../protocol/values/references.ts';
import { CHECKPOINT_NAME, START } from '../../session/undo/checkpoint.ts';
import type {
  PlanCall,
  PlanCheckpoint,
  PlanLeaf,
  PlanParallel,
  PlanRollback,
  PlanStep,
  PlanWait,
  SessionSpec,
} from '../../protocol/spec.ts';
import { patchSchema } from './profile.ts';
import { addProblem, delegate, duration, name, onObjects, pick, printable, text } from './values.ts';
import type { Schema } from './values.ts';
import { listed, nearest, quote } from '../../protocol/values/text.ts';

/** Servers that one session may open. */
const SERVERS = 32;
/** Members of one parallel group. */
const MEMBERS = 64;
const LABELS = 16;

/** `server.tool`; MCP sets no form for tool names, so everything that can be seen is taken. */
const toolName = printable(200, 'server.tool').refine(
  (value) => /^[a-z0-9][a-z0-9_-]{0,62}\../i.test(value),
  'must be server.tool, the name of a server of this session and of one of its tools',
);

const args: Schema<JsonObject> = z.record(z.string(), z.custom<Json>()).superRefine((value, ctx) => {
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
});

const argsRef = z.custom<Ref>(
  isRef,
  'must be a reference to the payload store, { sha256, bytes, preview }; write args instead, and they are put ' +
    'there where they are large',
);

const planCall = z
  .strictObject({
    call: toolName,
    args: z.exactOptional(args),
    argsRef: z.exactOptional(argsRef),
    as: z.exactOptional(
      text(/^[a-z][\w-]{0,62}$/i, 'a name of at most 63 letters, digits, "-" and "_", beginning with a letter'),
    ),
    onError: z.exactOptional(z.enum(['fail', 'continue', 'pause', 'rollback'])),
  })
  .superRefine((value, ctx) => {
    if ('args' in value && 'argsRef' in value)
      addProblem(ctx, ['argsRef'], 'stands beside args; keep one of them', true);
  }, onObjects) satisfies Schema<PlanCall>;

const checkpointName = text(
  CHECKPOINT_NAME,
  'a name of at most 63 letters, digits, ".", "_" and "-", beginning with a letter or digit',
);

const planCheckpoint = z.strictObject({
  checkpoint: checkpointName.refine(
    (value) => value !== START,
    `must not be "${START}", which names the start of the session`,
  ),
}) satisfies Schema<PlanCheckpoint>;

const planRollback = z.strictObject({ rollback: checkpointName }) satisfies Schema<PlanRollback>;

const wait = duration('1ms', '365d');
const waitOrMs = z
  .unknown()
  .transform((value, ctx): number =>
    delegate(
      typeof value === 'number'
        ? z.int('must be a whole number of milliseconds').min(1, 'must be at least 1 ms')
        : wait,
      value,
      ctx,
    ),
  );

const STEPS = ['call', 'parallel', 'wait', 'checkpoint', 'rollback'];

/** Tells steps apart by the key that they have; exactly one. */
function kindOf(value: unknown): { readonly kind: string } | string {
  if (!isObject(value)) return `must be a mapping with one of ${listed(STEPS)}, such as { call: server.tool }`;
  const kinds = STEPS.filter((key) => Object.hasOwn(value, key));
  if (kinds.length > 1) return `has ${listed(kinds)}, and a step is one of them; make separate steps of it`;
  const guess = Object.keys(value)
    .map((key) => nearest(key, STEPS))
    .find((key) => key !== undefined);
  return { kind: kinds[0] ?? guess ?? 'call' };
}

function planSchema(waits: Schema<number>): Schema<readonly PlanStep[]> {
  const planWait = z.strictObject({ wait: waits }) satisfies Schema<PlanWait>;
  const leaf: Schema<PlanLeaf> = pick((value): Schema<PlanLeaf> | string => {
    const step = kindOf(value);
    if (typeof step === 'string') return step;
    if (step.kind === 'parallel') return 'is a parallel group within another one; put its members into the outer group';
    if (step.kind === 'checkpoint' || step.kind === 'rollback')
      return `is a ${step.kind} within a parallel group; make a step of its own of it`;
    return step.kind === 'wait' ? planWait : planCall;
  });
  const parallel = z.strictObject({
    parallel: z
      .array(leaf)
      .min(1, 'is empty; write at least one call or wait')
      .max(MEMBERS, `has more than ${MEMBERS} members; make several groups of it`),
  }) satisfies Schema<PlanParallel>;
  const step = pick((value): Schema<PlanStep> | string => {
    const kind = kindOf(value);
    if (typeof kind === 'string') return kind;
    switch (kind.kind) {
      case 'parallel':
        return parallel;
      case 'checkpoint':
        return planCheckpoint;
      case 'rollback':
        return planRollback;
      default:
        return leaf;
    }
  });
  return z.array(step).min(1, 'is empty; write at least one step, or leave the key out');
}

const overrides = z.unknown().transform((value, ctx): JsonObject => {
  delegate(patchSchema, value, ctx);
  return value as JsonObject;
});

const servers = z
  .array(name())
  .min(1, 'is empty; name at least one server of custody.yaml')
  .max(SERVERS, `has more than ${SERVERS} servers`)
  .superRefine((names, ctx) => {
    for (const [index, server] of names.entries()) {
      if (names.indexOf(server) < index) addProblem(ctx, [index], 'names the same server again; keep one of them');
    }
  });

const labels = z.record(z.string(), printable(256)).superRefine((value, ctx) => {
  if (Object.keys(value).length > LABELS) addProblem(ctx, [], `has more than ${LABELS} labels; leave some out`);
  for (const key of Object.keys(value)) {
    if (!/^[a-z0-9][\w./-]{0,62}$/i.test(key))
      addProblem(ctx, [key], 'must be a name of at most 63 letters, digits, ".", "/", "-" and "_"', true);
  }
}, onObjects);

const specSchema = (waits: Schema<number>): Schema<SessionSpec> =>
  z.strictObject({
    agent: z.strictObject({ id: printable(128), version: printable(128) }),
    profile: name(),
    servers,
    overrides: z.exactOptional(overrides),
    labels: z.exactOptional(labels),
    plan: z.exactOptional(planSchema(waits)),
    keepOpen: z.exactOptional(z.boolean()),
  });

/** A spec in a file: a wait has a unit. */
export const fileSpecSchema = specSchema(wait);

/** A spec that a program made: a wait may be a number of milliseconds, as in `SessionSpec`. */
export const objectSpecSchema = specSchema(waitOrMs);
