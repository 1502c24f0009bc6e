import type { Server, ServerContext } from '@modelcontextprotocol/server';
import { toProtocolError, unknownName } from '../calls/answers.ts';
import type { Tellings } from './telling.ts';

/**
 * Takes what a client of a revision before 2026-07-28 wants to hear while its calls run: log messages from a level on,
 * and which of its resources change. One of a later revision says the first with each request, and the second the SDK
 * keeps to itself.
 *
 * @param serversFor the servers that may have a resource, the likeliest first
 */
export function takeWishes(
  server: Server,
  tellings: Tellings,
  isModern: boolean,
  serversFor: (uri: string, context: ServerContext) => Promise<readonly string[]>,
): void {
  server.setRequestHandler('logging/setLevel', ({ params }, context) => {
    tellings.setLevel(context, params.level);
    return {};
  });
  if (isModern) return;
  server.setRequestHandler('resources/subscribe', async ({ params: { uri } }, context) => {
    const [owner] = await serversFor(uri, context);
    if (owner === undefined) throw unknownName('resource', uri);
    if (tellings.subscribe(context, uri, owner)) return {};
    throw toProtocolError({ code: 'BACKLOG_FULL', message: 'That is one subscription too many, or its URI too long.' });
  });
  server.setRequestHandler('resources/unsubscribe', ({ params: { uri } }, context) => {
    tellings.unsubscribe(context, uri);
    return {};
  });
}
