/** The routes of the gateway by their beginnings, as metrics name them; the longest first. */
const ROUTES: readonly (readonly [beginning: string, route: string])[] = [
  ['/mcp/agents/', '/mcp/agents/{agent}'],
  ['/mcp/', '/mcp/{session}'],
  ['/mcp', '/mcp'],
  ['/api/', '/api'],
  ['/.well-known/', '/.well-known'],
  ['/healthz', '/healthz'],
  ['/readyz', '/readyz'],
  ['/metrics', '/metrics'],
];

/** The route of a path, one of a few whatever is asked for. */
export const routeOf = (path: string): string => ROUTES.find(([beginning]) => path.startsWith(beginning))?.[1] ?? '/';
