import { EventEmitter, once } from 'node:events';
import { isLegacyRequest } from '@modelcontextprotocol/server';
import type { SessionHandle } from '../../client/index.ts';
import { kindOf } from '../../protocol/calls/questions.ts';
import { isObject, type JsonObject } from '../../protocol/values/json.ts';
import { ownedBy } from '../mcp/calls/callId.ts';
import { pushedOf, takeAnswer } from '../mcp/calls/push.ts';
import type { StateKeeper } from '../mcp/calls/turn.ts';
import type { KnownClient } from '../mcp/calls/peer.ts';
import type { Message } from '../http/message.ts';
import { type LegacyClient, type LegacyClients, MCP_SESSION_ID, placeOf } from './clients.ts';
import { LegacyStreams } from './streams.ts';

/** The first revision without such sessions. */
const MODERN = '2026-07-28';
const CHANGED = ['tools', 'prompts', 'resources'].map((what) => ({
  jsonrpc: '2.0',
  method: `notifications/${what}/list_changed`,
}));

/**
 * What clients of revision 2025-11-25 and before have beside their requests: an id that says what they can be asked, a
 * stream on which they hear from the gateway, and the answers to what it asks, by whichever process they come.
 */
export class LegacySessions {
  readonly #session: SessionHandle;
  readonly #keeper: StateKeeper;
  readonly #clients: LegacyClients;
  readonly #streams = new LegacyStreams();
  readonly #answers = new EventEmitter().setMaxListeners(0);
  /** Calls whose clients are asked over the requests that made them. */
  readonly #asking = new Set<string>();

  constructor(session: SessionHandle, keeper: StateKeeper, clients: LegacyClients) {
    this.#session = session;
    this.#keeper = keeper;
    this.#clients = clients;
  }

  /**
   * The client of a request, where it is of an older generation and says who it is.
   *
   * @throws CustodyError MCP_SESSION_UNKNOWN
   */
  async clientOf(request: Request, message: Message | undefined): Promise<LegacyClient | undefined> {
    const { headers } = request;
    const id = headers.get(MCP_SESSION_ID);
    if (id === null || (headers.get('mcp-protocol-version') ?? '') >= MODERN) return undefined;
    if (message && !(await isLegacyRequest(request, message.value))) return undefined;
    return this.#clients.of(placeOf(request, this.#session.id), id);
  }

  /** What a client's requests are answered with. */
  known({ owner, takes }: LegacyClient): KnownClient {
    const nextAnswer = async (signal: AbortSignal): Promise<void> => {
      await once(this.#answers, 'answer', { signal }).catch(() => undefined);
    };
    return { owner, takes, push: { keeper: this.#keeper, nextAnswer, asking: this.#asking } };
  }

  /** Gives a client that was let in its id. */
  async begin(response: Response, request: Request, { params }: Message): Promise<Response> {
    const place = placeOf(request, this.#session.id);
    if (response.ok) response.headers.set(MCP_SESSION_ID, await this.#clients.begin(place, params));
    return response;
  }

  /** Answers what is neither a request nor a notification; undefined for all else. */
  async answer(client: LegacyClient, { method }: Request, message: Message | undefined): Promise<Response | undefined> {
    if (method === 'GET') return this.#streams.open(client.owner, () => this.#waiting(client));
    if (method === 'DELETE') {
      this.#clients.end(client);
      this.#streams.end(client.owner);
      return new Response(null, { status: 204 });
    }
    const { value } = message ?? {};
    if (!isObject(value) || !('id' in value) || 'method' in value) return undefined;
    const { id, result } = value;
    const outcome = isObject(result) ? (result as JsonObject) : undefined;
    if (typeof id === 'string') await takeAnswer(this.#session, this.#keeper, id, outcome);
    this.#answers.emit('answer');
    return new Response(null, { status: 202 });
  }

  listsChanged(): void {
    for (const message of CHANGED) this.#streams.tell(message);
  }

  close(): void {
    this.#streams.close();
  }

  /** What a client is asked that asked for it by a request which is no more: the process that had it ended, say. */
  async #waiting({ owner, takes }: LegacyClient): Promise<readonly object[]> {
    const { openCalls } = await this.#session.describe();
    const own = openCalls.filter(({ callId }) => callId.startsWith(ownedBy(owner)) && !this.#asking.has(callId));
    return Promise.all(
      own.flatMap(({ callId, asks }) =>
        (asks ?? []).filter((each) => takes.has(kindOf(each))).map((each) => pushedOf(callId, each, this.#keeper)),
      ),
    );
  }
}
