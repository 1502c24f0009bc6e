import { setTimeout as delay } from 'node:timers/promises';
import { LOG_LEVEL_META_KEY, type ServerContext } from '@modelcontextprotocol/server';
import { LRUCache } from 'lru-cache';
import type { Hear } from '../../../client/index.ts';
import { type Heard, isLogLevel, isTold, type LogLevel, SUBSCRIPTIONS } from '../../../protocol/calls/said.ts';
import { Progress } from './progress.ts';

/** Clients whose level is kept, and calls of which it is known how far they were told. */
const MOST = 1000;

/** Milliseconds between the last progress and the answer. */
const MOMENT = 50;

type Told = Heard & { readonly progress?: number | undefined };

/** What clients want to hear while their calls run, and how far each call was told. Kept by this process alone. */
export class Tellings {
  /** Levels that clients of revisions before 2026-07-28 set, by protocol session. */
  readonly #levels = new LRUCache<string, LogLevel>({ max: MOST });
  readonly #told = new LRUCache<string, Told>({ max: MOST });
  /** Resources that such clients subscribed to, with the server of each, by protocol session. */
  readonly #subscribed = new LRUCache<string, Map<string, string>>({ max: MOST });

  /** The client of a protocol session wants log messages from this level on, in all calls from now on. */
  setLevel(context: ServerContext, level: LogLevel): void {
    this.#levels.set(protocolSession(context), level);
  }

  /** @returns false where the client has as many subscriptions as it may have, or the URI is too long */
  subscribe(context: ServerContext, uri: string, server: string): boolean {
    const all = this.#subscribed.get(protocolSession(context)) ?? new Map<string, string>();
    if (uri.length > SUBSCRIPTIONS.uri || (!all.has(uri) && all.size >= SUBSCRIPTIONS.most)) return false;
    this.#subscribed.set(protocolSession(context), all.set(uri, server));
    return true;
  }

  unsubscribe(context: ServerContext, uri: string): void {
    this.#subscribed.get(protocolSession(context))?.delete(uri);
  }

  /**
   * For one request that waits for a call; undefined where its client wants to hear nothing.
   *
   * @param server of the call, where that is known here
   * @param goesOn it was asked for before: what was told then is not told again
   */
  of(callId: string, server: string | undefined, goesOn: boolean, context: ServerContext): Telling | undefined {
    const envelope = context.mcpReq.envelope as { readonly [key: string]: unknown } | undefined;
    const level = envelope ? envelope[LOG_LEVEL_META_KEY] : this.#levels.get(protocolSession(context));
    const after = goesOn ? this.#told.get(callId) : undefined;
    const progress = Progress.of(context.mcpReq, after?.progress);
    const subscribed = envelope ? undefined : this.#subscribed.get(protocolSession(context));
    const uris = [...(subscribed ?? [])].flatMap(([uri, owner]) => (owner === server ? [uri] : []));
    if (!progress && !isLogLevel(level) && uris.length === 0) return undefined;
    const wanted = { level: isLogLevel(level) ? level : undefined, uris, after };
    return new Telling(context.mcpReq, progress, wanted, (told) => this.#told.set(callId, told));
  }
}

const protocolSession = ({ sessionId, http }: ServerContext): string =>
  sessionId ?? http?.req?.headers.get('mcp-session-id') ?? '';

/** Tells a client what the server of its call says, in order. */
export class Telling {
  readonly progress: Progress | undefined;
  readonly hear: Hear;
  #sent: Promise<unknown> = Promise.resolve();
  #isNew = false;

  constructor(
    { notify }: ServerContext['mcpReq'],
    progress: Progress | undefined,
    { level, uris, after }: Pick<Hear, 'level' | 'uris' | 'after'>,
    onTold: (told: Told) => void,
  ) {
    this.progress = progress;
    this.hear = {
      progress: progress !== undefined,
      level,
      uris,
      after,
      told: (word, { server, attempt, n }) => {
        if ('progress' in word) {
          this.#isNew = true;
          this.#send(() => progress?.say(word.progress));
        } else if ('updated' in word)
          this.#send(() => notify({ method: 'notifications/resources/updated', params: { uri: word.updated } }));
        else if (level !== undefined && isTold(word.log.level, level)) {
          const { level: as, logger, data } = word.log;
          const params = { level: as, logger: logger === undefined ? server : `${server}/${logger}`, data };
          this.#send(() => notify({ method: 'notifications/message', params }));
        }
        onTold({ attempt, n, progress: progress?.last });
      },
    };
  }

  #send(work: () => Promise<void> | undefined): void {
    const sending = work()?.catch(() => undefined);
    this.#sent = Promise.all([this.#sent, sending]);
  }

  /**
   * Settles once all that was said was sent: the answer comes after it, and a moment after progress, as many clients
   * forget with the answer whose progress it was that came in the same read.
   */
  async done(): Promise<void> {
    const isNew = this.#isNew;
    await this.#sent;
    if (isNew) await delay(MOMENT);
  }
}
