import { localhostAllowedHostnames, validateHostHeader } from '@modelcontextprotocol/server';
import { CustodyError } from '../../protocol/errors.ts';
import { quote } from '../../protocol/values/text.ts';

export interface GuardOptions {
  /** Under which clients reach the gateway: its origin. */
  readonly url: string | undefined;
  /** Origins of web pages that may ask, beside its own. */
  readonly origins: readonly string[];
  /** It listens to this machine alone, and so answers by the names of this machine as well. */
  readonly isLocal: boolean;
}

/** Which names and web pages the gateway answers to. */
export interface Guard {
  /** @throws CustodyError PLACE_REFUSED */
  check(request: Request): void;
  isAllowed(origin: string): boolean;
}

/**
 * A page that a browser shows cannot have the gateway asked under a name that leads here (DNS rebinding), nor in the
 * name of its visitor.
 */
export function guardOf({ url, origins, isLocal }: GuardOptions): Guard {
  const own = url === undefined ? [] : [new URL(url)];
  const local = isLocal ? localhostAllowedHostnames() : [];
  const hosts = [...own.map(({ hostname }) => hostname), ...local];
  const pages = new Set([...own.map(({ origin }) => origin), ...origins]);
  const isAllowed = (origin: string): boolean => pages.has(origin) || local.includes(hostnameOf(origin));
  return {
    isAllowed,
    check({ headers }) {
      const host = headers.get('host');
      if (!validateHostHeader(host, hosts).ok) throw refused(`the name ${quote((host ?? '').slice(0, 200))}`);
      const origin = headers.get('origin');
      if (origin !== null && !isAllowed(origin)) throw refused(`pages of ${quote(origin.slice(0, 200))}`);
    },
  };
}

/** Is it a name by which a machine calls itself? */
export const isLocalName = (hostname: string): boolean => localhostAllowedHostnames().includes(hostname);

const refused = (what: string): CustodyError =>
  new CustodyError('PLACE_REFUSED', `This gateway does not answer to ${what}.`);

function hostnameOf(origin: string): string {
  try {
    return new URL(origin).hostname;
  } catch {
    return '';
  }
}
