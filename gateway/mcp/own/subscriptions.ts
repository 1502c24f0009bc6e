import type { Server, ServerContext } from '@modelcontextprotocol/server';
import { toProtocolError, unknownName } from '../calls/answers.ts';
import type { Tellings } from '../calls/telling.ts';

/**
 * Takes the subscriptions of a client of a revision before 2026-07-28: it hears of them while its calls run.
 *
 * @param serversFor the servers that may have a resource, the likeliest first
 */
export function takeSubscriptions(
  server: Server,
  tellings: Tellings,
  serversFor: (uri: string, context: ServerContext) => Promise<readonly string[]>,
): void {
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
