import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import type { Message } from '../http/message.ts';
import { type LegacyClients, MCP_SESSION_ID, placeOf } from '../legacy/clients.ts';
import { introduced } from '../mcp/introduced.ts';

/** What answers a request; see `Endpoint`. */
export interface Place {
  answer(request: Request, message: Message | undefined): Promise<Response>;
  use(): () => void;
}

/** Requests that are answered without a session, as whoever only looks whether somebody is there makes them. */
const PROBES: ReadonlySet<string> = new Set(['initialize', 'server/discover', 'ping']);

/** Does a message need a session? A notification and a response are about something that there would be already. */
export const needsSession = (message: Message | undefined): boolean =>
  message?.method !== undefined && !PROBES.has(message.method) && !message.method.startsWith('notifications/');

/** What an agent is to whoever has no session of it yet. */
export class Unopened implements Place {
  readonly #handler: McpHttpHandler;

  readonly #clients: LegacyClients;

  constructor(agent: string, version: string, clients: LegacyClients, onTrouble: (message: string) => void) {
    this.#clients = clients;
    const instructions =
      `All tools, resources and prompts here run in a Custody session of '${agent}', which is opened by the first ` +
      'request for one of them and is yours from then on: each call is governed and on record. custody_status says ' +
      'how the session stands.';
    this.#handler = createMcpHandler(
      ({ era }) => introduced(`Custody agent ${agent}`, version, instructions, { takesTasks: era === 'modern' }),
      {
        onerror: ({ message }) => onTrouble(message),
      },
    );
  }

  async answer(request: Request, message: Message | undefined): Promise<Response> {
    const response = await this.#handler.fetch(request, message ? { parsedBody: message.value } : {});
    if (message?.method === 'initialize' && response.ok)
      response.headers.set(MCP_SESSION_ID, await this.#clients.begin(placeOf(request, ''), message.params));
    return response;
  }

  use(): () => void {
    return () => undefined;
  }
}
