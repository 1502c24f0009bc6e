import { bearer } from './house.ts';

const META = {
  'io.modelcontextprotocol/protocolVersion': '2026-07-28',
  'io.modelcontextprotocol/clientInfo': { name: 'raw', version: '1' },
};
const CAPABILITIES = 'io.modelcontextprotocol/clientCapabilities';

export const BASE = { 'content-type': 'application/json', accept: 'application/json, text/event-stream' };

/** A request of revision 2026-07-28, as a client sends it. */
export function askAt(
  url: string,
  token: string | undefined,
  { path = '/mcp', method = 'tools/list', params = {}, headers = {}, body, capabilities = {} }: Partial<Asked> = {},
): Promise<Response> {
  const own = '_meta' in params ? (params._meta as object) : {};
  const meta = { ...own, ...META, [CAPABILITIES]: capabilities };
  const message = { jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } };
  return fetch(`${url}${path}`, {
    method: 'POST',
    headers: {
      ...BASE,
      'mcp-protocol-version': '2026-07-28',
      'mcp-method': method,
      ...(token === undefined ? {} : bearer(token)),
      ...headers,
    },
    body: body ?? JSON.stringify(message),
  });
}

export interface Asked {
  readonly path: string;
  readonly method: string;
  readonly params: object;
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly capabilities: object;
}
