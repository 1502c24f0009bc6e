import { type AttemptOutcome, nameOf, type ServerPin } from '../../protocol/calls/call.ts';
import { shortHash } from '../../protocol/incidents/listed.ts';
import type { ScanWanted } from '../../protocol/incidents/scan.ts';
import type { RunningCall } from '../calls/state.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';

/** Changed tools that are named. */
const NAMED = 10;

/** What a worker is to look for in the attempts of a session; undefined for nothing. */
export function scanWanted({ governance }: Session): ScanWanted | undefined {
  const wanted = Object.entries(governance?.scan ?? {}).filter(([, action]) => action !== 'off');
  return wanted.length > 0 ? (Object.fromEntries(wanted) as ScanWanted) : undefined;
}

/** The lists of tools of a server that are no news to the session; undefined where it does not ask. */
export function listingsKnown({ listings }: Session, server: string): readonly string[] | undefined {
  const listing = Object.hasOwn(listings, server) ? listings[server] : undefined;
  return listing && [listing.pinned, ...(listing.seen === null ? [] : [listing.seen])];
}

/** What an attempt says that makes incidents. */
export function noticed(session: Session, call: RunningCall, { found, listed }: AttemptOutcome): readonly Event[] {
  const { callId, server } = call;
  const events: Event[] = [];
  if (found && found.length > 0) events.push({ type: 'scanFound', callId, name: nameOf(call), findings: found });
  const pin = Object.hasOwn(session.servers, server) ? session.servers[server] : undefined;
  if (listed && pin && listingsKnown(session, server)?.includes(listed.digest) === false) {
    const tools = differing(server, pin, listed.tools);
    events.push({ type: 'listingDiffers', server, digest: listed.digest, tools, callId });
  }
  return events;
}

function differing(server: string, pin: ServerPin, tools: { readonly [name: string]: string } | undefined) {
  if (!tools) return [server];
  const pinned = ([name, { hash }]: [string, { readonly hash: string }]): boolean =>
    Object.hasOwn(tools, name) && tools[name] === shortHash(hash);
  const gone = Object.entries(pin.tools).filter((entry) => !pinned(entry));
  const others = Object.keys(tools).filter((name) => !Object.hasOwn(pin.tools, name));
  const names = [...gone.map(([name]) => name), ...others].slice(0, NAMED);
  return names.length > 0 ? names.map((name) => `${server}.${name}`) : [server];
}

/** The same of servers that were opened again: what of `names` is a tool. */
export function differsFrom({ governance, servers }: Session, names: readonly string[]): readonly Event[] {
  if (!governance?.incidents) return [];
  return Object.keys(servers).flatMap((server): readonly Event[] => {
    const tools = names.filter((name) => name.startsWith(`${server}.`)).slice(0, NAMED);
    const bare = tools.map((name) => name.replace(/ \((gone|new)\)$/, ''));
    return bare.length > 0 ? [{ type: 'listingDiffers', server, digest: null, tools: bare, callId: null }] : [];
  });
}
