import type { CallQuestion, ToolAnswer } from '../../mcp/calls/call.ts';
import type { AttemptOutcome, CallProgress } from '../../protocol/calls/call.ts';
import type { CallLog } from '../../protocol/calls/said.ts';
import type { ToolResult } from '../../protocol/calls/result.ts';
import type { ErrorCode, Refusal } from '../../protocol/errors.ts';
import { type Finding, marker, MOST_FINDINGS, NOT_SCANNED, type ScanWanted } from '../../protocol/incidents/scan.ts';
import { byteLength, canonical, sha256Hex } from '../../protocol/values/digest.ts';
import type { Json, JsonObject } from '../../protocol/values/json.ts';
import type { Scan, Scanner } from './scanner.ts';
import { mapTexts } from './texts.ts';

/** What of a result is withheld stands for it in history: its size, the hash of what is left, and why. */
type Withheld = Extract<ToolResult, { truncated: unknown }>;

/**
 * What of one attempt is scanned, as its session wants it: what is sent, what comes back, and what else of a server's
 * words would stand in history. Without a wish it lets all through and asks nobody.
 */
export class Screen {
  readonly #scanner: Pick<Scanner, 'scan'>;
  readonly #wanted: ScanWanted | undefined;
  readonly #found: Finding[] = [];

  constructor(scanner: Pick<Scanner, 'scan'>, wanted: ScanWanted | undefined) {
    this.#scanner = scanner;
    this.#wanted = wanted;
  }

  /** What was found so far. */
  get found(): Pick<AttemptOutcome, 'found'> {
    return this.#found.length > 0 ? { found: this.#found.slice(0, MOST_FINDINGS) } : {};
  }

  /** The arguments as they are sent, or why they must not be. */
  async args(args: JsonObject): Promise<{ readonly sent: JsonObject } | Refusal> {
    const scan = await this.#scan(args, 'arguments');
    const refusal = scan && refusalOf(scan, 'the arguments', 'so the call was not made');
    return refusal ?? { sent: scan ? (scan.value as JsonObject) : args };
  }

  /** A result as it is kept, or what stands for it. */
  async answer(answer: ToolAnswer): Promise<ToolAnswer | { readonly withheld: Withheld }> {
    const { isError, refused, exact: _, ...rest } = answer;
    const scan = await this.#scan(rest as unknown as Json, 'result');
    if (!scan) return answer;
    const why = refusalOf(scan, 'the result', 'so it is kept back; the call was made');
    if (why) return { withheld: withheld(answer, scan, why) };
    if (scan.value === (rest as unknown as Json) || JSON.stringify(scan.value) === JSON.stringify(rest)) return answer;
    return { ...(scan.value as unknown as ToolAnswer), isError, ...(refused ? { refused } : {}) };
  }

  /** A question of a server: a call that has begun goes on, so that what is to be blocked is redacted. */
  async question(reply: CallQuestion): Promise<CallQuestion | Refusal> {
    const { forms, requestState } = reply;
    const shown = await this.#scan(forms as unknown as Json, 'message');
    // What goes back to the server must be as it came.
    const state = requestState === undefined ? undefined : await this.#scan({ requestState }, 'message');
    if (state?.found.some(({ done }) => done !== 'flagged'))
      return {
        code: 'SCAN_BLOCKED',
        message:
          `The server asks, and what it wants back holds ${namesIn(state)}: the call was made and not gone on ` +
          'with.',
      };
    if (!shown) return reply;
    const redacted = (shown.problem === undefined ? shown.value : []) as unknown as CallQuestion['forms'];
    return { ...reply, forms: redacted.map((form, index) => ({ ...form, key: forms[index]?.key ?? form.key })) };
  }

  /** Words that would stand in history: what is to be blocked is redacted. */
  async texts<T extends object>(value: T): Promise<T> {
    const scan = await this.#scan(value as unknown as Json, 'message');
    if (!scan) return value;
    return scan.problem === undefined ? (scan.value as unknown as T) : blanked(value);
  }

  /** Why a value may not be kept, to undo the call by; undefined where it may. */
  async whyNot(value: Json): Promise<string | undefined> {
    const scan = await this.#scan(value, 'undo');
    const kept = scan?.found.filter(({ done }) => done !== 'flagged') ?? [];
    if (kept.length === 0) return undefined;
    return `what would undo it holds ${namesIn({ found: kept })}, which the scan of the profile keeps out of history`;
  }

  /** How far a server says that it is: without its words, where some would have to be redacted. */
  progress(progress: CallProgress): CallProgress {
    if (!this.#redacts) return progress;
    const { message: _, ...rest } = progress;
    return rest;
  }

  /** What a server logs: nothing, where some of it would have to be redacted. */
  log(log: CallLog): CallLog | undefined {
    return this.#redacts ? undefined : log;
  }

  get #redacts(): boolean {
    return Object.values(this.#wanted ?? {}).some((action) => action !== 'flag');
  }

  async #scan(value: Json, place: Finding['in']): Promise<Scan | undefined> {
    if (!this.#wanted) return undefined;
    const scan = await this.#scanner.scan(value, this.#wanted);
    if (scan.found.length === 0) return undefined;
    this.#found.push(...scan.found.map((each) => ({ ...each, in: place })));
    return scan;
  }
}

const namesIn = ({ found }: Pick<Scan, 'found'>): string => [...new Set(found.map(({ rule }) => rule))].join(', ');

function refusalOf({ blocked, problem }: Scan, what: string, so: string): Refusal | undefined {
  if (problem !== undefined) return refusal('SCAN_FAILED', `${what} could not be scanned (${problem}), ${so}`);
  if (blocked.length === 0) return undefined;
  return refusal('SCAN_BLOCKED', `the scan of the profile found ${blocked.join(', ')} in ${what}, ${so}`);
}

const refusal = (code: ErrorCode, text: string): Refusal => ({
  code,
  message: `${text.slice(0, 1).toUpperCase()}${text.slice(1)}.`,
});

/** Its hash is that of what is left: that of the whole would tell who guesses right. */
function withheld(answer: ToolAnswer, { value, problem }: Scan, why: Refusal): Withheld {
  const left = problem === undefined ? canonical(value) : '';
  return { truncated: { bytes: byteLength(JSON.stringify(answer)), sha256: sha256Hex(left), preview: '' }, why };
}

/** What could not be scanned is not shown. */
const blanked = <T extends object>(value: T): T =>
  mapTexts(value as unknown as Json, (_, text, __, is) => (is === 'name' ? text : marker(NOT_SCANNED))) as unknown as T;
