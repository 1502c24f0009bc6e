import { lookup } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { CustodyError } from '../../protocol/errors.ts';
import { isPublic } from './addresses.ts';

/** Milliseconds in which a connection must be there, TLS with it. */
const CONNECT = 10_000;

/** How names become addresses. */
export type Lookup = typeof lookup;

/**
 * What connects to receivers of notices: one connection for one request, which goes straight to the receiver, past any
 * proxy. Unless it may be private, each address is looked at as the connection is made, and no byte goes to one that is
 * not public, whatever its name meant a moment before. Fails with NOTICE_ADDRESS_REFUSED.
 */
export function agentTo(allowPrivate: boolean, resolve: Lookup = lookup): Agent {
  const limits = { timeout: CONNECT, maxCachedSessions: 0 };
  if (allowPrivate) return new Agent({ connect: limits });
  const connect = buildConnector({ ...limits, lookup: publicOnly(resolve) });
  return new Agent({
    connect(options, callback) {
      // An address in the URL itself is not looked up.
      const host = options.hostname.replace(/^\[|\]$/g, '');
      if (isIP(host) && !isPublic(host)) return callback(refused(host), null);
      return connect(options, (...[error, socket]) => {
        if (error) return callback(error, null);
        const address = socket.remoteAddress ?? 'an unknown address';
        if (isPublic(address)) return callback(null, socket);
        socket.destroy();
        return callback(refused(address), null);
      });
    },
  });
}

/** Names that mean any address which is not public mean none. */
const publicOnly =
  (resolve: Lookup): LookupFunction =>
  (hostname, options, callback) =>
    resolve(hostname, { ...options, all: true }, (error, found) => {
      const other = error ? undefined : found.find(({ address }) => !isPublic(address));
      const [first] = error ? [] : found;
      if (error) callback(error, '');
      else if (other) callback(refused(other.address), '');
      else if (options.all) callback(null, found);
      else callback(null, first?.address ?? '', first?.family);
    });

const refused = (address: string): CustodyError =>
  new CustodyError('NOTICE_ADDRESS_REFUSED', `${address} is no public address, and nothing was sent there.`);
