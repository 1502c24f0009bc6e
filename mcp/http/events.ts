/** What ends a line of an event stream (HTML Standard, 9.2.6). */
const LINE_END = /\r\n|\n|\r/g;
const DATA = /^data(?:: ?|$)/;

/**
 * Rewrites the data of an event stream, event by event (HTML Standard, 9.2.6). Takes the text of the stream in chunks
 * and gives the text that stands for it, as far as events have ended.
 */
export class EventRewriter {
  readonly #rewrite: (data: string) => string;
  #line = '';
  #lines: string[] = [];
  #isAfterReturn = false;
  /** Bytes of the event that has not ended. */
  #bytes = 0;
  /** Bytes of the longest event, ended or not, that the last chunk belonged to. */
  largest = 0;

  constructor(rewrite: (data: string) => string) {
    this.#rewrite = rewrite;
  }

  write(chunk: string): string {
    // The second half of CR LF ends nothing.
    const text = this.#isAfterReturn && chunk.startsWith('\n') ? chunk.slice(1) : chunk;
    if (chunk !== '') this.#isAfterReturn = text.endsWith('\r');
    this.largest = 0;
    let ended = '';
    let start = 0;
    for (const { index, 0: end } of text.matchAll(LINE_END)) {
      this.#add(text.slice(start, index));
      start = index + end.length;
      if (this.#line === '') ended += this.#end();
      else this.#lines.push(this.#line);
      this.#line = '';
    }
    this.#add(text.slice(start));
    return ended;
  }

  /** The end of the stream: an event that lacks nothing but its end is one. */
  end(): string {
    if (this.#line !== '') this.#lines.push(this.#line);
    return this.#lines.length > 0 ? this.#end() : '';
  }

  #add(part: string): void {
    this.#line += part;
    this.#bytes += Buffer.byteLength(part);
    this.largest = Math.max(this.largest, this.#bytes);
  }

  #end(): string {
    const lines = this.#lines;
    this.#lines = [];
    this.#bytes = 0;
    const data = lines.filter((line) => DATA.test(line)).map((line) => line.replace(DATA, ''));
    const text = data.join('\n');
    const name = lines
      .findLast((line) => line.startsWith('event:'))
      ?.slice('event:'.length)
      .trim();
    const isMessage = data.length > 0 && (name === undefined || name === '' || name === 'message');
    const rewritten = isMessage ? this.#rewrite(text) : text;
    const kept = rewritten === text ? lines : [...lines.filter((line) => !DATA.test(line)), `data: ${rewritten}`];
    return `${kept.join('\n')}\n\n`;
  }
}
