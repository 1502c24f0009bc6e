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

/** The same, of all events at once. The same events have the same bytes, however often they are fetched. */
export function rawOf(events: readonly HistoryEvent[]): Uint8Array {
  sortMaps(events);
  return new TextEncoder().encode(historyToJSON({ events: events as never }));
}

/** Sorts the maps in messages by their keys, in place: Temporal gives their entries in another order each time. */
function sortMaps(value: unknown): void {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
  for (const each of Object.values(value)) sortMaps(each);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== null && prototype !== Object.prototype) return;
  const map = value as Record<string, unknown>;
  const keys = Object.keys(map);
  if (keys.every((key, at) => at === 0 || keys[at - 1]! <= key)) return;
  for (const key of keys.sort()) {
    const entry = map[key];
    delete map[key];
    map[key] = entry;
  }
}
