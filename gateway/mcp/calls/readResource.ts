import { ProtocolError, type Result, type ServerContext } from '@modelcontextprotocol/server';
import { isOfServer, unknownName } from './answers.ts';
import type { Calls } from './calls.ts';

/** Reads a resource from the first server that has it; each try is a call of the session of its own. */
export async function readResource(
  calls: Calls,
  servers: readonly string[],
  uri: string,
  context: ServerContext,
  isModern: boolean,
): Promise<Result> {
  const [first, ...others] = servers;
  if (first === undefined) throw unknownName('resource', uri);
  try {
    return await calls.request(first, 'resources/read', { uri }, context, isModern);
  } catch (error) {
    if (others.length === 0 || !(error instanceof ProtocolError) || !isOfServer(error)) throw error;
    return readResource(calls, others, uri, context, isModern);
  }
}
