/** Shorter texts are no secrets worth the name, and would be found in any message. */
const SHORTEST = 6;

/**
 * The secrets that a worker has handed to its MCP servers. A server may repeat its own where it says what is wrong with
 * it, and what it says stands in errors: in history and in logs.
 */
export class Secrets {
  readonly #known = new Set<string>();

  /** Learns a value, and the words of one such as `Bearer …`. */
  add(value: string): void {
    for (const text of [value, ...value.split(/\s+/)]) if (text.length >= SHORTEST) this.#known.add(text);
  }

  /** The text with every secret in it blotted out. */
  redact(text: string): string {
    return [...this.#known]
      .sort((a, b) => b.length - a.length)
      .reduce((rest, secret) => rest.replaceAll(secret, '[secret]'), text);
  }
}
