import type { CedarRequest } from '../request.ts';
import { directEngine } from './direct.ts';
import type { Engine, Said } from './engine.ts';
import { ThreadedEngine } from './threaded.ts';

/**
 * Characters of the rules times characters of the request, up to which an evaluation is made where it is asked: no node
 * of a rule looks at the request more than once for each of its own characters. The worst pattern of `like` took 7 ms
 * at this bound, on a busy machine; to change threads would cost each call more than its evaluation.
 */
const BRIEF = 2_000_000;

/** Evaluates at once what is brief by the size of what is asked, and all else in a thread that can be stopped. */
export class BriefEngine implements Engine {
  readonly #direct = directEngine();
  readonly #threaded = new ThreadedEngine();
  readonly #lengths = new Map<string, number>();
  readonly name = this.#direct.name;

  async prepare(set: string, rules: Readonly<Record<string, string>>): Promise<void> {
    this.#lengths.set(
      set,
      Object.values(rules).reduce((sum, text) => sum + text.length, 1),
    );
    await this.#threaded.prepare(set, rules);
    await this.#direct.prepare(set, rules);
  }

  /** What Cedar cannot evaluate here, for whatever reason, a thread that can be thrown away is asked as well. */
  async ask(set: string, request: CedarRequest): Promise<Said> {
    if (!this.isBrief(set, request)) return this.#threaded.ask(set, request);
    const said = await this.#direct.ask(set, request);
    return said.errors.some(({ rule }) => rule === '') ? this.#threaded.ask(set, request) : said;
  }

  isBrief(set: string, request: CedarRequest): boolean {
    const rules = this.#lengths.get(set) ?? Infinity;
    return rules <= BRIEF && rules * lengthOf(request) <= BRIEF;
  }

  close(): Promise<void> {
    return this.#threaded.close();
  }
}

function lengthOf(request: CedarRequest): number {
  try {
    return JSON.stringify(request).length;
  } catch {
    return Infinity;
  }
}
