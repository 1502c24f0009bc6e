import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { ASK_KINDS } from '../../protocol/calls/questions.ts';
import { CustodyError } from '../../protocol/errors.ts';
import { isObject, type JsonObject } from '../../protocol/values/json.ts';
import { takenBy, type Takes } from '../mcp/calls/asks.ts';
import type { Seals } from '../auth/seals.ts';
import { type Caller, holderOf } from '../auth/caller.ts';

/** Ids of sessions of MCP that their clients ended, as far as this process remembers. */
const ENDED = 10_000;
const NAME = /^[\w-]{16}$/;

/** A client of revision 2025-11-25 or before, as its requests tell of it by `Mcp-Session-Id`. */
export interface LegacyClient {
  /** Random: no other client has it. */
  readonly owner: string;
  /** What it said when it came that it can be asked. */
  readonly takes: Takes;
}

/** Sessions of MCP that were ended by DELETE. */
export const endedSessions = (): LRUCache<string, true> => new LRUCache({ max: ENDED });

/**
 * The sessions of MCP of one principal. Nothing is kept of them: the id of each says, sealed, what any process has to
 * know. It is good at one place, a session of Custody or an agent, and opens nothing by itself, as each request shows a
 * token as well.
 */
export class LegacyClients {
  readonly #caller: Caller;
  readonly #seals: Seals;
  readonly #ended: LRUCache<string, true>;

  constructor(caller: Caller, seals: Seals, ended: LRUCache<string, true>) {
    this.#caller = caller;
    this.#seals = seals;
    this.#ended = ended;
  }

  /** The id for a client that comes. @param params of `initialize` */
  begin(place: string, params: unknown): Promise<string> {
    const { capabilities, protocolVersion } = isObject(params) ? params : {};
    const value = {
      owner: randomBytes(12).toString('base64url'),
      takes: [...takenBy(capabilities)],
      version: String(protocolVersion).slice(0, 20),
    };
    return this.#seals.seal('session', holderOf(this.#caller, place), value);
  }

  /**
   * The client whose id it is.
   *
   * @throws CustodyError MCP_SESSION_UNKNOWN for one of another principal or place, too old, ended, or made up
   */
  async of(place: string, id: string): Promise<LegacyClient> {
    const client = clientIn(await this.#seals.open('session', holderOf(this.#caller, place), id));
    if (client && !this.#ended.has(client.owner)) return client;
    throw new CustodyError('MCP_SESSION_UNKNOWN', 'This Mcp-Session-Id is none of this client, or not any more.');
  }

  /** It is good for nothing any more, in this process. */
  end({ owner }: LegacyClient): void {
    this.#ended.set(owner, true);
  }
}

function clientIn(value: JsonObject | undefined): LegacyClient | undefined {
  const { owner, takes } = value ?? {};
  if (typeof owner !== 'string' || !NAME.test(owner) || !Array.isArray(takes)) return undefined;
  return { owner, takes: new Set(ASK_KINDS.filter((kind) => takes.includes(kind))) };
}

/** The header that has the id of a session of MCP. */
export const MCP_SESSION_ID = 'mcp-session-id';

const AGENT = /^\/mcp\/(agents\/[^/]+)$/;

/** Where an id is good: the agent that a URL names, else the session. */
export const placeOf = ({ url }: Request, session: string): string => AGENT.exec(new URL(url).pathname)?.[1] ?? session;
