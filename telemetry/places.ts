import type { Attributes } from '@opentelemetry/api';
import { ATTRIBUTES } from './names.ts';

/** An MCP server, as the operator's file has it. */
export type ServerPlace = { readonly kind: 'stdio' } | { readonly kind: 'http'; readonly url: string };

/** Where a server is: of a URL its host and port, and no more, as the rest may hold a secret. */
export function placeOf(server: ServerPlace): Attributes {
  if (server.kind === 'stdio') return { [ATTRIBUTES.transport]: 'pipe' };
  const { hostname, port, protocol } = new URL(server.url);
  return {
    [ATTRIBUTES.transport]: 'tcp',
    [ATTRIBUTES.protocol]: 'http',
    [ATTRIBUTES.address]: hostname,
    [ATTRIBUTES.port]: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port),
  };
}
