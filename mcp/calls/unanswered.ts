import { ProtocolError } from '@modelcontextprotocol/client';
import type { JSONRPCErrorResponse, RequestId } from '@modelcontextprotocol/client';
import { McpError } from '../error.ts';

/**
 * How a transport ends one request that will get no answer: the SDK has no way to do it but closing the connection, and
 * else lets the request run into its timeout. The error rides in `data` as an object, which no server can forge.
 */
export const failureOf = (id: RequestId, error: McpError): JSONRPCErrorResponse => ({
  jsonrpc: '2.0',
  id,
  error: { code: -32000, message: error.message, data: error },
});

/** The error that a transport gave to `failureOf`, if `error` is what the SDK made of it. */
export const failureIn = (error: unknown): McpError | undefined =>
  error instanceof ProtocolError && error.data instanceof McpError ? error.data : undefined;
