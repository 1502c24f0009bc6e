import { type By, NO_REASON } from './by.ts';
import { type AgentRecord, recordFields, type SavedState } from './agent.ts';
import { callFields, requestIn } from './calls/fields.ts';
import { check, type Checked, type Problem, type Schema } from './values/check.ts';
import { addProblem, aJson, aName, anActor, anObject, aRef, aText, nameField, REFERENCE } from './fields.ts';
import { aCommandProof, signedIn, type Who } from './identity/proof.ts';
import { amountIn, anAmount } from './money/amount.ts';
import { parseDuration } from './values/duration.ts';
import { isObject, type JsonObject } from './values/json.ts';
import { VERDICTS } from './reviews/reviews.ts';
import * as z from 'zod/mini';

/** Commands from outside: what is sent with a signal or an update, and what it means. */

/** The mark that the payload converter leaves where it cannot decode. */
export const UNDECODABLE = 'custody/undecodable';

export const RESOLUTIONS = ['succeeded', 'failed', 'retry'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

const by = {
  actor: z.optional(anActor),
  reason: z.optional(aText),
  commandId: z.optional(aName),
  proof: z.optional(aCommandProof()),
};

type Shape = z.core.$ZodLooseShape;
type Fields<S extends Shape> = z.ZodMiniObject<S & typeof by>;

/** One command: the fields that are sent, each with its bounds, and what the session gets of them. */
function command<S extends Shape, C extends object>(
  shape: S,
  meaning: (given: z.output<Fields<S>>) => C,
  ...checks: readonly z.core.$ZodCheck<z.output<Fields<S>>>[]
) {
  const fields = z.object({ ...by, ...shape }) as unknown as Fields<S>;
  return { schema: checks.length > 0 ? fields.check(...checks) : fields, meaning, shape: shape as Shape };
}

const nothing = () => ({});
const theCall = nameField("must name the call, as 'custody show' does");
const theApproval = nameField("must be the id of the approval in its session, such as 'a1'");
const THE_DIGEST = 'must be the digest of what was shown, 64 hexadecimal digits';

const COMMANDS = {
  pause: command({}, nothing),
  /** `acceptChanges`: pin the configuration and tools as they are now. */
  resume: command({ acceptChanges: z.optional(z.boolean()) }, ({ acceptChanges = false }) => ({ acceptChanges })),
  checkpoint: command({ name: nameField('must be the name of the checkpoint') }, ({ name }) => ({ name })),
  /** To a checkpoint, or null for the start. */
  rollback: command({ to: z.nullish(nameField('must be the name of a checkpoint')) }, ({ to = null }) => ({ to })),
  extend: command(
    {
      by: z
        .string('must be a duration such as 2h or 30m')
        .check(z.refine((text) => (parseDuration(text) ?? 0) > 0, 'must be a duration such as 2h or 30m')),
    },
    /** Milliseconds. */
    (given) => ({ ms: parseDuration(given.by) as number }),
  ),
  /** Adds money to the budget; `usd` as people write it, such as 12.5. */
  topUp: command({ usd: anAmount }, ({ usd }) => ({ microUsd: amountIn(usd) as number })),
  /** Says that an incident was looked at; the reason says what came of it. */
  closeIncident: command(
    { incident: nameField("must be the id of the incident in its session, such as 'i1'") },
    ({ incident }) => ({ incident }),
  ),
  complete: command({}, nothing),
  cancel: command({}, nothing),
  resolve: command(
    { callId: theCall, as: z.enum(RESOLUTIONS, `must be one of ${RESOLUTIONS.join(', ')}`) },
    ({ callId, as }) => ({ callId, as }),
  ),
  /** What a server asked in a call is answered; see `readResponses`. */
  respond: command(
    {
      callId: theCall,
      with: anObject('must be a JSON object: the fields that were asked for, or {"action":"decline"}'),
      inPart: z.optional(z.boolean()),
    },
    (given): { callId: string; with: JsonObject; inPart?: true } => ({
      callId: given.callId,
      with: given.with,
      ...(given.inPart ? { inPart: true } : {}),
    }),
  ),
  /** Says yes to what was asked, as it was shown; to a call also with other arguments. */
  approve: command(
    {
      approval: theApproval,
      digest: z.string(THE_DIGEST).check(z.regex(/^[0-9a-f]{64}$/, THE_DIGEST)),
      args: z.optional(anObject('must be a JSON object: the arguments to call the tool with instead')),
    },
    ({ approval, digest, args }): { approval: string; digest: string; args?: JsonObject } => ({
      approval,
      digest,
      ...(args === undefined ? {} : { args }),
    }),
  ),
  /** Says no; who asked is told the reason. */
  reject: command({ approval: theApproval }, ({ approval }) => ({ approval })),
  /** Does a review: what was found, and whether that is an objection. */
  review: command(
    {
      review: nameField("must be the id of the review in its session, such as 'a1'"),
      finding: aText,
      verdict: z.optional(z.enum(VERDICTS, `must be one of ${VERDICTS.join(', ')}`)),
    },
    ({ review, finding, verdict = 'passed' }) => ({ review, finding, verdict }),
  ),
  attach: command({}, nothing),
  saveState: command(
    { state: z.optional(aJson()), stateRef: z.optional(aRef(REFERENCE)) },
    ({ state, stateRef }): { saved: SavedState } => ({
      saved: stateRef === undefined ? { value: state ?? null } : { ref: stateRef },
    }),
    z.superRefine(({ state, stateRef }, ctx) => {
      if ((state === undefined) === (stateRef === undefined))
        addProblem(
          ctx,
          [],
          "either 'state' must be a JSON value, or 'stateRef' a reference to one in the payload store",
        );
    }),
  ),
  record: command(
    recordFields,
    ({ kind, text, data, usage }): { entry: AgentRecord } => ({
      entry: { kind, text, ...(data === undefined ? {} : { data }), ...(usage === undefined ? {} : { usage }) },
    }),
    z.superRefine(({ kind, usage }, ctx) => {
      if (kind === 'usage' && usage === undefined) addProblem(ctx, [], "a record of kind 'usage' needs 'usage'");
    }),
  ),
  heartbeat: command({}, nothing),
  call: command(
    callFields(),
    requestIn,
    z.superRefine(({ args, argsRef }, ctx) => {
      if (args !== undefined && argsRef !== undefined)
        addProblem(ctx, ['argsRef'], `${REFERENCE}, without 'args' beside it`);
    }),
  ),
};

export type OutsideName = keyof typeof COMMANDS;
export const OUTSIDE_COMMANDS = Object.keys(COMMANDS) as readonly OutsideName[];

/** What somebody sends with a command who is known otherwise: its own fields and a reason. */
export type OwnFields<Name extends OutsideName, Without extends string = never> = Omit<
  CommandInput<Name>,
  'actor' | 'commandId' | 'proof' | Without
>;

/** Takes that, and nothing else. @param without fields that are known otherwise, too */
export function fieldsOf<Name extends OutsideName, Without extends string = never>(
  name: Name,
  without: readonly Without[] = [],
): Schema<OwnFields<Name, Without>> {
  const own = Object.entries(COMMANDS[name].shape).filter(([field]) => !without.includes(field as Without));
  const shape = { reason: by.reason, ...(Object.fromEntries(own) as Shape) };
  return z.strictObject(shape) as unknown as Schema<OwnFields<Name, Without>>;
}

/** What is sent with a command. A signal may leave out who and why. */
export type CommandInput<Name extends OutsideName = 'pause'> = z.input<(typeof COMMANDS)[Name]['schema']>;

export type CallInput = CommandInput<'call'>;

/** What people and programs outside can ask of a session, as signal and as update. */
export type OutsideCommand = {
  [Name in OutsideName]: { readonly type: Name; readonly by: By } & Readonly<
    ReturnType<(typeof COMMANDS)[Name]['meaning']>
  >;
}[OutsideName];

export type Parsed =
  | { readonly ok: true; readonly command: OutsideCommand }
  | { readonly ok: false; readonly problem: string; readonly by: By };

/**
 * Reads what came with a signal or an update. Hostile until it is read: any value is possible.
 *
 * @param fallbackId the command id of a message that has none
 */
export function parseCommand(name: OutsideName, input: unknown, fallbackId: string): Parsed {
  const fields = input ?? {};
  if (!isObject(fields))
    return refused(
      name,
      `the input is ${Array.isArray(fields) ? 'a list' : `a ${typeof fields}`}, and a JSON object with actor and ` +
        'reason is needed',
      whoIn({}, fallbackId),
    );
  if (UNDECODABLE in fields) {
    const why = fields[UNDECODABLE];
    const cause = typeof why === 'string' ? ` (${why.slice(0, 200)})` : '';
    return refused(name, `the input cannot be decoded${cause}`, whoIn(fields, fallbackId));
  }
  const { schema, meaning } = COMMANDS[name] as unknown as {
    schema: Schema<Who>;
    meaning: (given: unknown) => object;
  };
  const checked: Checked<Who> = check(schema, fields);
  if (checked.problems) return refused(name, sentenceOf(checked.problems), whoIn(fields, fallbackId));
  const { actor = 'unknown', reason = NO_REASON, commandId = fallbackId } = checked.value;
  const signed = signedIn(checked.value, fields);
  if (typeof signed === 'string') return refused(name, signed, whoIn(fields, fallbackId));
  return {
    ok: true,
    command: { type: name, by: { actor, reason, commandId, ...signed }, ...meaning(checked.value) } as OutsideCommand,
  };
}

const refused = (name: OutsideName, problem: string, by: By): Parsed => ({
  ok: false,
  problem: `${name}: ${problem}`,
  by,
});

/** Of several problems the first says enough. */
const sentenceOf = ([problem]: readonly Problem[]): string =>
  `${problem?.path[0] === undefined ? '' : `'${String(problem.path[0])}' `}${problem?.message ?? ''}`;

/** Who sent something that is refused, as far as it can be read. */
function whoIn(fields: Record<string, unknown>, fallbackId: string): By {
  const read = <T>(schema: Schema<T>, value: unknown): T | undefined => check(schema, value).value;
  return {
    actor: read(aName, fields.actor) ?? 'unknown',
    reason: read(aText, fields.reason) ?? NO_REASON,
    commandId: read(aName, fields.commandId) ?? fallbackId,
  };
}
