import { CustodyError } from '../../protocol/errors.ts';
import type { JsonObject } from '../../protocol/values/json.ts';
import type { PayloadStore, Ref } from '../../protocol/values/payload.ts';
import type { RollbackOutline } from '../../session/undo/outline.ts';
import { isUndone } from '../../session/undo/log.ts';
import type { Compensation, UndoEntry, UndoPage } from '../../protocol/calls/undo.ts';
import { rollbackQuery } from '../../workflows/messages.ts';
import type { Context } from '../context.ts';
import { query } from '../temporal/query.ts';

/** What a rollback would do, step by step, in its order. */
export interface RollbackPreview {
  readonly id: string;
  /** A checkpoint, or null for the start. */
  readonly to: string | null;
  readonly steps: readonly RollbackStep[];
  /** Calls whose effect is not known: resolve them first, or they are listed as what remains. */
  readonly inDoubt: readonly { readonly callId: string; readonly name: string }[];
}

export interface RollbackStep {
  readonly callId: string;
  readonly server: string;
  readonly tool: string;
  /** When the call ended, ISO 8601. */
  readonly at: string;
  /**
   * The call that undoes it; null where nothing can. Large arguments that this client cannot read from the payload
   * store are a reference.
   */
  readonly undo: { readonly tool: string; readonly args: JsonObject | { readonly ref: Ref } } | null;
  /** Why it cannot be undone. */
  readonly why: string | null;
}

/**
 * Reads what a rollback would do, and changes nothing.
 *
 * @throws CustodyError CHECKPOINT_NOT_FOUND; PAYLOAD_MISSING, PAYLOAD_CORRUPT, STORE_UNAVAILABLE where the session is
 * long and this client cannot read the pages of its undo log
 */
export async function previewRollback(context: Context, id: string, to: string | null): Promise<RollbackPreview> {
  const outline = await query(context, id, rollbackQuery, to);
  if ('code' in outline) throw new CustodyError(outline.code, outline.message);
  const { payloads } = context;
  const steps: RollbackStep[] = [];
  for await (const entry of entriesOf(outline, payloads)) steps.push(await stepOf(entry, payloads));
  return { id, to, steps, inDoubt: outline.inDoubt };
}

async function* entriesOf(outline: RollbackOutline, payloads: PayloadStore): AsyncGenerator<UndoEntry> {
  const { floor, pages, recent } = outline;
  yield* recent;
  for (let next: Ref | null = pages; next;) {
    const page = (await payloads.get(next)) as unknown as UndoPage;
    for (const entry of page.entries.toReversed()) {
      if (entry.n <= floor) return;
      if (!isUndone(outline, entry.n)) yield entry;
    }
    next = page.before;
  }
}

async function stepOf({ callId, server, tool, at, undo }: UndoEntry, payloads: PayloadStore): Promise<RollbackStep> {
  const head = { callId, server, tool, at: new Date(at).toISOString() };
  if ('impossible' in undo) return { ...head, undo: null, why: undo.impossible };
  const args =
    'call' in undo
      ? undo.call.args
      : await payloads.get(undo.ref).then(
          (kept) => (kept as unknown as Compensation).args,
          () => ({ ref: undo.ref }),
        );
  return { ...head, undo: { tool: undo.tool, args }, why: null };
}
