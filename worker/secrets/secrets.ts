import { REDACTED } from '../../protocol/values/redacted.ts';
import { spellingsOf } from './spellings.ts';

/** Shorter texts are no secrets worth the name, and would be found in any message. */
const SHORTEST = 6;
/** The same for one word of many. */
const SHORTEST_WORD = 12;

/**
 * The secrets that a worker has handed to its MCP servers, or to one of them. A server may repeat its own, and what it
 * says stands in history and in logs.
 */
export class Secrets {
  readonly #spellings = new Set<string>();
  #pattern: RegExp | undefined;
  readonly #all: Secrets | undefined;

  /** @param all learns what this one learns */
  constructor(all?: Secrets) {
    this.#all = all;
  }

  get isEmpty(): boolean {
    return this.#pattern === undefined;
  }

  /** Learns a value, and the parts of one such as `Bearer …` or of several words. */
  add(value: string): void {
    this.#all?.add(value);
    const known = this.#spellings.size;
    for (const text of [value, ...partsOf(value)])
      if (text.length >= SHORTEST) for (const each of spellingsOf(text)) this.#spellings.add(each);
    if (this.#spellings.size === known) return;
    const longestFirst = [...this.#spellings].sort((a, b) => b.length - a.length);
    this.#pattern = new RegExp(
      longestFirst.map((each) => each.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'),
      'g',
    );
  }

  /** The text with every secret in it blotted out, however it is spelt. */
  redact(text: string): string {
    return this.#pattern ? text.replace(this.#pattern, REDACTED) : text;
  }
}

/** Of a scheme with a credential the credential, and the pair of Basic; of several words the long ones. */
function partsOf(value: string): readonly string[] {
  const [, scheme = '', credential] = /^(\S+)\s+(\S+)$/.exec(value) ?? [];
  if (credential === undefined) return value.split(/\s+/).filter((word) => word.length >= SHORTEST_WORD);
  if (scheme.toLowerCase() !== 'basic') return [credential];
  const pair = Buffer.from(credential, 'base64').toString();
  return [credential, pair, pair.slice(pair.indexOf(':') + 1)];
}
