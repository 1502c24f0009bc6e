import type { IncomingMessage } from 'node:http';

const LOCAL: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** May a web page of this origin ask? Those of this machine may, and those that the operator names. */
export const isAllowedOrigin = (origin: string, allowed: readonly string[]): boolean =>
  allowed.includes(origin) || LOCAL.has(hostOf(origin));

/** Was a request sent to this machine by a name of its own? A page that made its name lead here says another. */
export const isForThisMachine = ({ headers }: IncomingMessage): boolean =>
  LOCAL.has(hostOf(`http://${headers.host ?? ''}`));

export const headersFor = (origin: string | undefined): Record<string, string> =>
  origin === undefined
    ? {}
    : {
        'access-control-allow-origin': origin,
        'access-control-allow-methods': 'POST, OPTIONS',
        'access-control-allow-headers': 'authorization, content-type, x-namespace',
        'access-control-allow-credentials': 'true',
        'access-control-max-age': '600',
        vary: 'origin',
      };

function hostOf(url: string): string {
  try {
    return new URL(url).hostname;
  } catch {
    return '';
  }
}
