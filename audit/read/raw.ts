import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import type { HistoryEvent } from '../history.ts';

/** Bytes of the longest history that is kept; a longer one is read again once it is over. */
const MOST = 16 * 1024 * 1024;

const [BEGIN, BETWEEN, END] = ['{\n  "events": [\n', ',\n', '\n  ]\n}'].map((each) =>
  new TextEncoder().encode(each),
) as [Uint8Array, Uint8Array, Uint8Array];

/** What `temporal workflow show --output json` prints of a run, made as its events come. */
export class RawHistory {
  readonly #parts: readonly Uint8Array[];
  /** What it takes in memory. */
  readonly bytes: number;

  constructor(parts: readonly Uint8Array[] = []) {
    this.#parts = parts;
    this.bytes = parts.reduce((sum, { length }) => sum + length, 0);
  }

  /** The same with events that come after; undefined where it becomes too long to be kept. */
  with(events: readonly HistoryEvent[]): RawHistory | undefined {
    if (events.length === 0) return this;
    const whole = rawOf(events);
    const part = whole.subarray(BEGIN.length, whole.length - END.length);
    return this.bytes + part.length > MOST ? undefined : new RawHistory([...this.#parts, part]);
  }

  whole(): Uint8Array {
    const parts = this.#parts.flatMap((part, at) => (at === 0 ? [part] : [BETWEEN, part]));
    return new Uint8Array(Buffer.concat([BEGIN, ...parts, END]));
  }
}

/** The same, of all events at once. */
export const rawOf = (events: readonly HistoryEvent[]): Uint8Array =>
  new TextEncoder().encode(historyToJSON({ events: events as never }));
