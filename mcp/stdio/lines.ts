/** A line without its newline. */
export type Line = { readonly kind: 'line'; readonly text: string } | OversizeLine;

/** What is known of a line that is longer than the limit. */
export interface OversizeLine {
  readonly kind: 'oversize';
  readonly bytes: number;
  readonly head: string;
  readonly tail: string;
}

/** Bytes kept of both ends of an oversize line: enough to see which request it answers. */
const EDGE = 256;
const NEWLINE = 0x0a;

/**
 * Cuts a byte stream into lines and never holds more than `limit` bytes and one chunk. The rest of a longer line is
 * skipped, not kept, so that one large answer does not cost the connection.
 */
export class LineReader {
  readonly #limit: number;
  #parts: Buffer[] = [];
  #bytes = 0;
  #head = '';
  #tail: Buffer = Buffer.alloc(0);

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Bytes of the oversize line that is being skipped now; 0 if none is. */
  get skipped(): number {
    return this.#bytes > this.#limit ? this.#bytes : 0;
  }

  *read(chunk: Buffer): Generator<Line> {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#add(chunk.subarray(start, end));
      yield this.#take();
      start = end + 1;
    }
    this.#add(chunk.subarray(start));
  }

  #add(part: Buffer): void {
    if (part.length === 0) return;
    if (this.skipped === 0) {
      this.#parts.push(part);
      this.#bytes += part.length;
      if (this.skipped === 0) return;
      const line = Buffer.concat(this.#parts);
      this.#parts = [];
      this.#head = line.toString('utf8', 0, EDGE);
      this.#tail = Buffer.from(line.subarray(-EDGE));
      return;
    }
    this.#bytes += part.length;
    this.#tail = Buffer.from(Buffer.concat([this.#tail, part.subarray(-EDGE)]).subarray(-EDGE));
  }

  #take(): Line {
    const line: Line =
      this.skipped === 0
        ? { kind: 'line', text: Buffer.concat(this.#parts).toString('utf8') }
        : { kind: 'oversize', bytes: this.#bytes, head: this.#head, tail: this.#tail.toString('utf8') };
    this.#parts = [];
    this.#bytes = 0;
    return line;
  }
}

/** Where a JSON-RPC message carries its id, if that stands before or after everything else. */
const ID_FIRST = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"id"\s*:\s*(\d+)\s*,/;
const ID_LAST = /,\s*"id"\s*:\s*(\d+)\s*(?:,\s*"jsonrpc"\s*:\s*"2\.0"\s*)?\}\s*$/;
const METHOD_FIRST = /^\s*\{\s*(?:"jsonrpc"\s*:\s*"2\.0"\s*,\s*)?"method"/;

/** The id of the request that an oversize line answers; null if it answers none, undefined if that cannot be told. */
export const requestOf = (line: OversizeLine): number | null | undefined =>
  METHOD_FIRST.test(line.head) ? null : idOf(line);

/** The id that an oversize line carries; undefined if that cannot be told. */
export function idOf({ head, tail }: OversizeLine): number | undefined {
  const id = ID_FIRST.exec(head)?.[1] ?? ID_LAST.exec(tail)?.[1];
  return id === undefined ? undefined : Number(id);
}
