import { BASE } from './raw.ts';
import { bearer } from './house.ts';

/** A message of a gateway. */
export interface Said {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: { readonly message?: string };
  readonly result?: { readonly content?: unknown; readonly _meta?: Record<string, unknown> };
}

/** The messages of a stream, one by one. */
export async function* eventsOf({ body }: Response): AsyncGenerator<Said> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const bytes of body as unknown as AsyncIterable<Uint8Array>) {
    rest += decoder.decode(bytes, { stream: true });
    const events = rest.split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = event.split('\n').find((line) => line.startsWith('data: {'));
      if (data !== undefined) yield JSON.parse(data.slice('data: '.length)) as Said;
    }
  }
}

export interface LegacyRaw {
  readonly id: string;
  /** A message to this gateway, or to another one. */
  post(message: object, at?: string): Promise<Response>;
  send(method: 'GET' | 'DELETE', at?: string, id?: string): Promise<Response>;
}

/** A client of revision 2025-11-25 that does what it is told, and nothing else. */
export async function legacyRaw(
  url: string,
  token: string,
  capabilities: object = { elicitation: {} },
): Promise<LegacyRaw> {
  const headers = (id?: string): Record<string, string> => ({
    ...BASE,
    ...bearer(token),
    'mcp-protocol-version': '2025-11-25',
    ...(id === undefined ? {} : { 'mcp-session-id': id }),
  });
  const post = (message: object, at: string, id?: string): Promise<Response> =>
    fetch(`${at}/mcp`, {
      method: 'POST',
      headers: headers(id),
      body: JSON.stringify({ jsonrpc: '2.0', ...message }),
    });
  const clientInfo = { name: 'raw', version: '1' };
  const params = { protocolVersion: '2025-11-25', capabilities, clientInfo };
  const came = await post({ id: 0, method: 'initialize', params }, url);
  const id = came.headers.get('mcp-session-id') ?? '';
  await came.text();
  return {
    id,
    post: (message, at = url) => post(message, at, id),
    send: (method, at = url, other = id) => fetch(`${at}/mcp`, { method, headers: headers(other) }),
  };
}
