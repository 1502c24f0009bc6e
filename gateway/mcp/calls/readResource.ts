import { ProtocolError, type Result, type ServerContext } from '@modelcontextprotocol/server';
import { isOfServer, unknownName } from './answers.ts';
import type { Calls } from './calls.ts';
import type { Peer } from './peer.ts';

/** Reads a resource from the first server that has it; each try is a call of the session of its own. */
export async function readResource(
  calls: Calls,
  servers: readonly string[],
  uri: string,
  context: ServerContext,
  peer: Peer,
): Promise<Result> {
  const [first, ...others] = servers;
  if (first === undefined) throw unknownName('resource', uri);
  try {
    return await calls.request(first, 'resources/read', { uri }, context, peer);
  } catch (error) {
    if (others.length === 0 || !(error instanceof ProtocolError) || !isOfServer(error)) throw error;
    return readResource(calls, others, uri, context, peer);
  }
}
