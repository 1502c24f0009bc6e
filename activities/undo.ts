import type { FoundBefore } from '../protocol/calls/asked.ts';
import type { AttemptOutcome, Intent } from '../protocol/calls/call.ts';
import { byteLength, canonical, digestOf, sha256Hex } from '../protocol/values/digest.ts';
import { CustodyError } from '../protocol/errors.ts';
import { isObject, type Json, type JsonObject } from '../protocol/values/json.ts';
import type { PayloadStore } from '../protocol/values/payload.ts';
import { referencesIn, resolveArgs } from '../protocol/values/references.ts';
import type { Compensation, Undo, UndoCheck, UndoRule } from '../protocol/calls/undo.ts';
import type { ToolAnswer } from '../mcp/calls/call.ts';

/** Larger compensations go by reference: a session keeps one for each of its effects. In bytes. */
const INLINE = 512;

/** Keeps what undoes calls. */
export interface Keeper extends PayloadStore {
  /** Why a compensation may not be kept at all; then the call cannot be undone. */
  whyNot?(compensation: Json): Promise<string | undefined>;
}

/** Calls a tool of the server at hand, which changes nothing. */
export type Read = (tool: string, args: JsonObject) => Promise<ToolAnswer>;

/** What is known of a call: what the arguments of its compensation may refer to. */
interface Known {
  readonly args: JsonObject;
  readonly callKey: string;
  readonly before?: ToolAnswer;
  readonly result?: ToolAnswer;
}

/**
 * What one call needs in order to be undone: the before-image, read before it is sent, and the call that undoes
 * it.
 */
export class Undoing {
  readonly #rule: UndoRule;
  readonly #known: Known;
  readonly #payloads: Keeper;
  readonly #check: UndoCheck | undefined;
  /** As far as it is known before the call is sent. */
  readonly early: Undo | undefined;

  private constructor(
    rule: UndoRule,
    known: Known,
    payloads: Keeper,
    check: UndoCheck | undefined,
    early: Undo | undefined,
  ) {
    this.#rule = rule;
    this.#known = known;
    this.#payloads = payloads;
    this.#check = check;
    this.early = early;
  }

  /**
   * Reads the before-image, where the rule has one.
   * @throws CustodyError BEFORE_IMAGE_FAILED: the call could not be undone, and must not be sent
   */
  static async prepare(
    rule: UndoRule,
    intent: Intent,
    args: JsonObject,
    payloads: Keeper,
    read: Read,
  ): Promise<Undoing> {
    const known = { args, callKey: sha256Hex(intent.idempotencyKey).slice(0, 16) };
    if (!rule.before)
      return new Undoing(rule, known, payloads, undefined, await early(rule.call, known, payloads, undefined));
    const filled = fill(rule.before.args, known);
    if (!filled.ok)
      throw new CustodyError(
        'BEFORE_IMAGE_FAILED',
        `What stands there before ${intent.server}.${intent.tool} cannot be read: ${filled.problem}.`,
      );
    const { tool, notFound = [] } = rule.before;
    const found = await look(read, { tool, args: filled.args, notFound });
    const check = { tool, args: filled.args, notFound, before: digest(found) };
    const withBefore = found ? { ...known, before: found } : known;
    return new Undoing(
      rule,
      withBefore,
      payloads,
      check,
      await early(chosen(rule, found !== undefined), withBefore, payloads, check),
    );
  }

  /**
   * What stands there now, for persons who decide whether the call is made.
   * @throws CustodyError BEFORE_IMAGE_FAILED, and what the read throws
   */
  static async look(
    rule: UndoRule,
    { idempotencyKey, tool }: Intent,
    args: JsonObject,
    read: Read,
  ): Promise<FoundBefore & { readonly exists: boolean }> {
    const known = { args, callKey: sha256Hex(idempotencyKey).slice(0, 16) };
    const filled = rule.before && fill(rule.before.args, known);
    if (!rule.before || !filled?.ok)
      throw new CustodyError(
        'BEFORE_IMAGE_FAILED',
        `It cannot be read: ${filled?.ok === false ? filled.problem : ''}.`,
      );
    const { tool: reader, notFound = [] } = rule.before;
    const before = await look(read, { tool: reader, args: filled.args, notFound });
    const restore = rule.restore?.tool === tool ? rule.restore : undefined;
    const restored = before && restore ? fill(restore.args, { ...known, before }) : undefined;
    const carriers = Object.entries(restore?.args ?? {}).flatMap(([name, value]) =>
      referencesIn({ value }).some((each) => each.name === 'before') ? [name] : [],
    );
    return {
      exists: before !== undefined,
      text: before ? textOf(before) : '',
      ...(restored?.ok ? { restores: restored.args } : {}),
      carriers,
    };
  }

  /** How to undo the call, now that it was answered; undefined where it changed nothing. */
  async after(answer: ToolAnswer, read: Read): Promise<Pick<AttemptOutcome, 'undo' | 'unchanged'>> {
    const now = this.#check && (await look(read, this.#check).then(digest, () => undefined));
    if (answer.isError && !this.#check)
      return { undo: { impossible: 'the tool answered with an error, and nothing tells whether it had an effect' } };
    // A read that finds nothing after a success may just not see it yet.
    if (now !== undefined && now === this.#check?.before && (answer.isError || now !== null))
      return { unchanged: true };
    const call = this.#rule.call ?? chosen(this.#rule, this.#known.before !== undefined);
    const undo =
      this.early ??
      (await compensationOf(call, { ...this.#known, result: answer }, this.#payloads, this.#check).catch(
        (error: unknown): Undo => ({ impossible: `how to undo it could not be kept: ${(error as Error).message}` }),
      ));
    return { undo: now === undefined || 'impossible' in undo ? undo : { ...undo, after: now } };
  }
}

const chosen = ({ restore, remove }: UndoRule, existed: boolean): UndoRule['call'] => (existed ? restore : remove);

/** The compensation, unless it needs the answer. */
async function early(
  call: UndoRule['call'],
  known: Known,
  payloads: Keeper,
  check: UndoCheck | undefined,
): Promise<Undo | undefined> {
  if (call && referencesIn(call.args).some(({ name }) => name === 'result')) return undefined;
  return compensationOf(call, known, payloads, check);
}

async function compensationOf(
  call: UndoRule['call'],
  known: Known,
  payloads: Keeper,
  check: UndoCheck | undefined,
): Promise<Undo> {
  if (!call)
    return {
      impossible:
        `there was ${known.before ? 'something' : 'nothing'} there before, and no ` +
        `${known.before ? 'restore' : 'remove'} is declared for the tool`,
    };
  const filled = fill(call.args, known);
  if (!filled.ok) return { impossible: `the arguments of its compensation cannot be made: ${filled.problem}` };
  const compensation: Compensation = { args: filled.args, ...(check ? { check } : {}) };
  const refused = await payloads.whyNot?.(compensation as unknown as Json);
  if (refused !== undefined) return { impossible: refused };
  const head = { tool: call.tool, checked: check !== undefined };
  if (byteLength(canonical(compensation as unknown as Json)) <= INLINE) return { ...head, call: compensation };
  return { ...head, ref: await payloads.put(compensation as unknown as Json) };
}

const fill = (args: JsonObject, { before, result, ...values }: Known) =>
  resolveArgs(args, { ...(before && { before }), ...(result && { result }) }, values);

/** What is there, without the flag; undefined for nothing. Throws BEFORE_IMAGE_FAILED where the tool cannot tell. */
async function look(read: Read, { tool, args, notFound }: Omit<UndoCheck, 'before'>): Promise<ToolAnswer | undefined> {
  const answer = await read(tool, args);
  if (!answer.isError) return answer;
  const text = JSON.stringify('content' in answer ? answer.content : answer.raw);
  if (notFound.some((each) => text.includes(each))) return undefined;
  throw new CustodyError('BEFORE_IMAGE_FAILED', `${tool} cannot tell what is there: ${text.slice(0, 300)}`);
}

/** What a read said, in words: its texts, else all of it as JSON. */
function textOf(found: ToolAnswer): string {
  const items = 'content' in found && Array.isArray(found.content) ? (found.content as readonly Json[]) : [];
  const texts = items.flatMap((item) => (isObject(item) && typeof item.text === 'string' ? [item.text] : []));
  return texts.length > 0 ? texts.join('\n') : JSON.stringify('content' in found ? found.content : found.raw);
}

/** Of what was found, all of it: two numbers that JavaScript takes for one are two. */
function digest(found: ToolAnswer | undefined): string | null {
  if (!found) return null;
  if (found.exact !== undefined) return digestOf({ exact: found.exact });
  if ('raw' in found) return digestOf({ raw: found.raw });
  return digestOf({ content: found.content, structuredContent: found.structuredContent ?? null });
}

/**
 * Undoes a call. With a check it does nothing where things are as they were, refuses where somebody else changed
 * them since, and looks at what came of it: so it may be tried again, whatever became of an attempt before.
 */
export async function compensate(
  intent: Intent,
  payloads: PayloadStore,
  read: Read,
  send: Read,
): Promise<AttemptOutcome | ToolAnswer> {
  const { undo } = intent;
  if (!undo || 'impossible' in undo)
    throw new CustodyError('INTERNAL_ERROR', `It is not known how to undo ${intent.compensates}.`);
  const { args, check } = 'ref' in undo ? ((await payloads.get(undo.ref)) as unknown as Compensation) : undo.call;
  if (check) {
    const now = digest(await look(read, check));
    if (now === check.before)
      return {
        kind: 'succeeded',
        unchanged: true,
        result: { content: [{ type: 'text', text: 'As it was before the call; nothing was to be undone.' }] },
      };
    // After an attempt that may have been sent, what is there may be half of what that attempt did.
    if (intent.attempt === 1 && undo.after !== undefined && now !== undo.after) {
      return {
        kind: 'failed',
        code: 'UNDO_CONFLICT',
        message: `What ${intent.compensates} made was changed since by somebody else, so ${undo.tool} was not called.`,
      };
    }
  }
  const answer = await send(undo.tool, args);
  if (!check || answer.isError || digest(await look(read, check)) === check.before) return answer;
  return {
    kind: 'failed',
    code: 'UNDO_FAILED',
    message: `${undo.tool} answered, and things are not as they were before the call.`,
  };
}
