import { type Hears, isTold, type Said, type SaidEntry, type SaidWord } from '../../protocol/calls/said.ts';
import { byteLength } from '../../protocol/values/digest.ts';

/** Words and bytes of JSON that are kept of one attempt. */
const MOST = 32;
const MOST_BYTES = 8 * 1024;

/** The last that a server said in one attempt, as far as the caller wants to hear it, however much that is. */
export class LastWords {
  readonly #of: Omit<Said, 'last'>;
  readonly #hears: Hears;
  #last: { readonly entry: SaidEntry; readonly bytes: number }[] = [];
  #bytes = 0;
  #n = 0;

  constructor(of: Omit<Said, 'last'>, hears: Hears) {
    this.#of = of;
    this.#hears = hears;
  }

  /** True where it is kept. */
  add(word: SaidWord): boolean {
    if (!this.#wants(word)) return false;
    this.#n += 1;
    const entry: SaidEntry = { n: this.#n, ...word };
    const bytes = byteLength(JSON.stringify(entry));
    if (bytes > MOST_BYTES) return false;
    this.#last.push({ entry, bytes });
    this.#bytes += bytes;
    while (this.#last.length > MOST || this.#bytes > MOST_BYTES) this.#bytes -= this.#last.shift()?.bytes ?? 0;
    return true;
  }

  #wants(word: SaidWord): boolean {
    const { progress, level, uris } = this.#hears;
    if ('updated' in word) return uris?.includes(word.updated) === true;
    return 'log' in word ? level !== undefined && isTold(word.log.level, level) : progress === true;
  }

  /** Undefined where nothing was said. */
  get said(): Said | undefined {
    return this.#last.length === 0 ? undefined : { ...this.#of, last: this.#last.map(({ entry }) => entry) };
  }
}
