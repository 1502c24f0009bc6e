import { ROLES } from '../../protocol/identity/standing.ts';

/** Of which resource a token has to be: one for all sessions, so that a client that knows one can use any. */
export const audienceOf = (url: string): string => `${url}/mcp`;

/** Where the metadata of a resource stand: before its path (RFC 9728, 3.1). */
export const METADATA = '/.well-known/oauth-protected-resource';

/** What a client has to know to have a token made (RFC 9728). */
export const metadataOf = (url: string, issuers: readonly string[]): object => ({
  resource: audienceOf(url),
  resource_name: 'Custody',
  authorization_servers: issuers,
  bearer_methods_supported: ['header'],
  scopes_supported: ROLES,
});
