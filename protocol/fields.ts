import { RESERVED_ACTORS } from './by.ts';
import * as z from 'zod/mini';
import { check, type Path, type Schema, wrongType } from './values/check.ts';
import { byteLength } from './values/digest.ts';
import { problemOfGiven } from './values/numbers/exact.ts';
import { isObject, type Json, type JsonObject } from './values/json.ts';
import { isRef, type Ref } from './values/payload.ts';
import { isPrintable } from './values/text.ts';

/** What schemas of this folder and of configuration are made of, with the bounds of each. */

/** UTF-16 code units of a name that comes with a command: of people, commands, calls, servers and tools. */
const NAME = 200;
/** The same of a reason, or of what an agent records. */
const TEXT = 2000;

/** Names of checkpoints, in file names, queries and commands alike. */
export const CHECKPOINT_NAME = /^[A-Za-z0-9][\w.-]{0,62}$/;

/** The name under which a rollback to the start of the session is asked for in a plan. */
export const START = 'start';

const upTo = (length: number) => (message: string) =>
  z.string(message).check(z.minLength(1, message), z.maxLength(length, message));

/** A name in a command; `message` says what it must be. */
export const nameField = upTo(NAME);
export const aName = nameField(`must be a text of 1 to ${NAME} characters`);
/** What people take for the id of a session: other sessions name it, and so do commands. */
export const SESSION_ID = aName;
export const aText = upTo(TEXT)(`must be a text of 1 to ${TEXT} characters`);
export const aReason = z.string().check(z.maxLength(TEXT, `must be a text of at most ${TEXT} characters`));

/** Who claims to ask for something. */
export const anActor = aName.check(
  z.refine((actor) => !RESERVED_ACTORS.includes(actor), {
    error: ({ input }) =>
      `must not be '${String(input)}', which is what the records call ${
        input === 'custody' ? 'the session itself' : "Temporal's own cancel"
      }; take another name`,
  }),
);

/** Of what somebody wants sent or kept; see `problemOfGiven`. */
export const anObject = (message: string) =>
  z.custom<JsonObject>(isObject, message).check(
    z.superRefine((value, ctx) => {
      const problem = problemOfGiven(value);
      if (problem) addProblem(ctx, [], `cannot be taken: ${problem}`);
    }),
  );

/** What a field must be that `aRef` reads. */
export const REFERENCE = 'must be a reference { sha256, bytes, preview }';
export const aRef = (message: string) => z.custom<Ref>(isRef, message);

/** A value that can be hashed and carried as it was given, `bytes` of JSON at most. */
export const aJson = (bytes = Infinity): Schema<Json> =>
  z.unknown().check(
    z.superRefine((value, ctx) => {
      const problem = problemOfGiven(value);
      if (problem) addProblem(ctx, [], `cannot be taken: ${problem}`);
      else if (bytes < Infinity && byteLength(JSON.stringify(value)) > bytes)
        addProblem(ctx, [], `must be at most ${bytes} bytes as JSON`);
    }),
  ) as unknown as Schema<Json>;

/** A whole number within bounds. */
export const wholeNumber = (least: number, most = Number.MAX_SAFE_INTEGER) => {
  const message = `must be a whole number from ${least}${most < Number.MAX_SAFE_INTEGER ? ` to ${most}` : ' on'}`;
  return z.int(message).check(z.minimum(least, message), z.maximum(most, message));
};

const string = (what: string) =>
  z.string({ error: ({ input }) => (input === undefined ? wrongType(what, input) : undefined) });

/** Text that fits a pattern; `what` says what to write. */
export const pattern = (form: RegExp, what: string) => string(what).check(z.regex(form, `must be ${what}`));

/** Text of some length without control characters. */
export const printable = (longest: number, what = 'text') =>
  string(what).check(
    z.refine(
      (value) => value.length >= 1 && value.length <= longest && isPrintable(value),
      `must have 1 to ${longest} printable characters`,
    ),
  );

/** A name of a server, a profile or a label: it can stand in `server.tool`, so it has no dots. */
export const plainName = () =>
  pattern(
    /^[a-z0-9][a-z0-9_-]{0,62}$/i,
    'a name of at most 63 letters, digits, "-" and "_", without dots, beginning with a letter or digit',
  );

/** Hands a value to the schema that fits its form, or refuses it with a sentence; keeps the problems of both. */
export const pick = <T>(choose: (value: unknown) => Schema<T> | string): Schema<T> =>
  z.pipe(
    z.unknown(),
    z.transform((value, ctx): T => {
      const chosen = choose(value);
      if (typeof chosen !== 'string') return delegate(chosen, value, ctx);
      addProblem(ctx, [], chosen);
      return z.NEVER;
    }),
  ) as unknown as Schema<T>;

/** What refinements and transforms get to put problems into. */
export type Ctx = z.core.ParsePayload & { readonly addIssue?: (issue: never) => void };

/** Runs another schema within a transform and passes its problems on. */
export function delegate<T>(schema: Schema<T>, value: unknown, ctx: Ctx): T {
  const result = check(schema, value);
  if (!result.problems) return result.value;
  for (const { path, message, atKey } of result.problems) addProblem(ctx, path, message, atKey);
  return z.NEVER;
}

/** Adds a problem at a path below the value under check. */
export function addProblem(ctx: Ctx, path: Path, message: string, atKey = false): void {
  const issue = { code: 'custom' as const, path: [...path], message, params: { atKey } };
  if (ctx.addIssue) ctx.addIssue(issue as never);
  else ctx.issues.push({ ...issue, input: ctx.value });
}

/** For refinements that look at several keys: they run although one key is wrong, so that all problems come at once. */
export const onObjects = { when: ({ value }: { readonly value: unknown }): boolean => isObject(value) };
