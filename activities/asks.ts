import type { ApprovalAsked, BeforeImage } from '../protocol/calls/asked.ts';
import type { Intent } from '../protocol/calls/call.ts';
import { byteLength } from '../protocol/values/digest.ts';
import type { Json, JsonObject } from '../protocol/values/json.ts';
import type { ActivityDeps, Connection } from './deps.ts';
import { Stopped } from './decide.ts';
import type { Screen } from './scan/screen.ts';
import { type Read, Undoing } from './undo.ts';

/** Characters of what a server says of a tool, and of a problem. */
const DESCRIBED = 2000;
/** A before-image that stands in history, in bytes; a larger one goes by reference. */
const INLINE = 8 * 1024;

/** What an attempt has at hand when rules want persons to approve it. */
interface AtHand {
  readonly deps: ActivityDeps;
  readonly intent: Intent;
  readonly connection: Connection;
  readonly args: JsonObject;
  readonly screen: Pick<Screen, 'texts'>;
  /** Reads with a tool of the server, which changes nothing. */
  readonly read: Read;
}

/**
 * Adds to what persons are asked what they would look up: what the tool is said to do, and what stands there now where
 * its undo rule reads that. Nothing here keeps them from being asked.
 */
export async function withWhatIsThere(error: unknown, atHand: AtHand): Promise<unknown> {
  if (!(error instanceof Stopped) || error.outcome.kind !== 'needs_approval') return error;
  const { outcome } = error;
  const described = await descriptionOf(atHand).catch(() => undefined);
  const before = await beforeOf(atHand).catch((why: unknown) => ({ problem: String(why).slice(0, DESCRIBED) }));
  const asks: ApprovalAsked = {
    ...outcome.asks,
    ...(described === undefined ? {} : { description: described }),
    ...(before ? { before } : {}),
  };
  return new Stopped({ ...outcome, asks });
}

async function descriptionOf({ connection, intent }: AtHand): Promise<string | undefined> {
  if (intent.method !== undefined) return undefined;
  const description = (await connection.tools()).get(intent.tool)?.definition.description;
  return typeof description === 'string' ? description.slice(0, DESCRIBED) : undefined;
}

async function beforeOf({ deps, intent, args, read, screen }: AtHand): Promise<BeforeImage | undefined> {
  const { undo, method, server, tool } = intent;
  const rule = undo || method !== undefined ? undefined : deps.config.toolRule(server, tool).undo;
  if (!rule?.before) return undefined;
  const { exists, ...found } = await Undoing.look(rule, intent, args, read);
  if (byteLength(JSON.stringify(found)) <= INLINE) return { exists, found };
  return { exists, ref: await deps.payloads.put((await screen.texts(found)) as unknown as Json) };
}
