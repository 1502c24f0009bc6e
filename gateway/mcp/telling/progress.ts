import type { ServerContext } from '@modelcontextprotocol/server';
import type { CallProgress } from '../../../protocol/calls/call.ts';

/** By how much a progress is raised that would not be more than the one before. */
const STEP = 0.001;

/**
 * The progress of one request of a client, from its server and from here. MCP wants each to be more than the one
 * before: what a server says that is not, as it goes back or begins anew in another attempt, is told as a little more.
 */
export class Progress {
  readonly #notify: ServerContext['mcpReq']['notify'];
  readonly #token: string | number;
  #last: number | undefined;

  constructor(notify: ServerContext['mcpReq']['notify'], token: string | number, last?: number) {
    this.#notify = notify;
    this.#token = token;
    this.#last = last;
  }

  /** Undefined for a client that takes none. @param last what it was told before under this token */
  static of({ _meta, notify }: ServerContext['mcpReq'], last?: number): Progress | undefined {
    const token = _meta?.progressToken;
    return token === undefined ? undefined : new Progress(notify, token, last);
  }

  get last(): number | undefined {
    return this.#last;
  }

  /** Sends what a server says. Never fails. */
  async say({ progress, total, message }: CallProgress): Promise<void> {
    const told = this.#last === undefined || progress > this.#last ? progress : above(this.#last);
    if (told === undefined) return;
    this.#last = told;
    const params = {
      progressToken: this.#token,
      progress: told,
      ...(total === undefined ? {} : { total }),
      ...(message === undefined ? {} : { message }),
    };
    await this.#notify({ method: 'notifications/progress', params }).catch(() => undefined);
  }

  /** Sends a sign of life: nobody knows how far it is. */
  async tick(message: string): Promise<void> {
    const progress = above(this.#last ?? 0);
    if (progress !== undefined) await this.say({ progress, message });
  }
}

/** A little more; undefined where there is no such number. */
function above(last: number): number | undefined {
  const next = [Math.round((last + STEP) / STEP) * STEP, last + Math.abs(last) * 1e-9];
  return next.map((each) => Number(each.toPrecision(15))).find((each) => each > last && Number.isFinite(each));
}
