import { CustodyError } from '../../protocol/errors.ts';
import { isObject } from '../../protocol/values/json.ts';
import type { GivenRun } from './finding.ts';

/** Bounds of a file with one run: Temporal itself ends a run of 51,200 events, or 50 MB. */
export const MOST_BYTES = 200 * 1024 * 1024;
export const MOST_EVENTS = 60_000;
/** Objects and lists within each other; a history needs some twenty, and causes of failures more. */
const MOST_DEPTH = 200;

/**
 * The run in a text that `temporal workflow show --output json` wrote. The text is hostile until read.
 *
 * @param name of the file, for what is wrong with it
 * @throws CustodyError USAGE where it is none
 */
export async function runInFile(name: string, text: string): Promise<GivenRun> {
  const { historyFromJSON } = await import('@temporalio/common/lib/proto-utils.js');
  if (text.length > MOST_BYTES) throw none(name, `it has more than ${MOST_BYTES} bytes`);
  if (isDeep(text)) throw none(name, `it is nested deeper than ${MOST_DEPTH} levels`);
  try {
    const parsed: unknown = JSON.parse(text);
    const events = isObject(parsed) ? parsed.events : undefined;
    if (!Array.isArray(events) || events.length === 0 || !events.every(isObject)) throw new Error('it has no events');
    if (events.length > MOST_EVENTS) throw new Error(`it has more than ${MOST_EVENTS} events`);
    const run = { events: historyFromJSON(parsed).events ?? [] };
    return { runId: runIdIn(run), events: run.events };
  } catch (error) {
    throw none(name, error instanceof Error ? error.message.slice(0, 200) : String(error));
  }
}

const none = (name: string, why: string): CustodyError =>
  new CustodyError('USAGE', `${name} is no history as temporal workflow show --output json writes it: ${why}`);

/** The id of a run, from its own events; empty where they do not tell. */
export function runIdIn({ events }: Pick<GivenRun, 'events'>): string {
  const reset = events.findLast((event) => event.workflowTaskFailedEventAttributes?.newRunId);
  const started = events.find((event) => event.workflowExecutionStartedEventAttributes);
  return (
    reset?.workflowTaskFailedEventAttributes?.newRunId ||
    started?.workflowExecutionStartedEventAttributes?.originalExecutionRunId ||
    ''
  );
}

/** Without a parser: one that calls itself could be made to exhaust the stack. */
function isDeep(text: string): boolean {
  let [depth, isText] = [0, false];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (isText && code === BACKSLASH) at += 1;
    else if (code === QUOTE) isText = !isText;
    else if (!isText && (code === OPEN_OBJECT || code === OPEN_LIST)) depth += 1;
    else if (!isText && (code === CLOSE_OBJECT || code === CLOSE_LIST)) depth -= 1;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

const [BACKSLASH, QUOTE] = [0x5c, 0x22];
const [OPEN_OBJECT, OPEN_LIST, CLOSE_OBJECT, CLOSE_LIST] = [0x7b, 0x5b, 0x7d, 0x5d];
