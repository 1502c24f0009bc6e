import { digestOfTools } from '../../protocol/incidents/listed.ts';
import type { ServerPin } from '../../protocol/calls/call.ts';
import { LIMITS } from '../../protocol/limits.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import { sightingsOf } from './causes.ts';
import type { Incidents, Listing } from './state.ts';

/** What one workflow task can bring, and more: a caller whose calls are refused has to wait soon. */
const MOST_SIGHTINGS = 100;

/** Incidents after an event. Sessions that opened before there were any know none. */
export function foldIncidents(session: Session, event: Event): Partial<Incidents> | undefined {
  const { incidents, endedIncidents, incidentsOpened, sightings, incidentPause } = session;
  switch (event.type) {
    case 'incidentOpened': {
      const { incident, pauses } = event;
      return {
        incidents: [...incidents, incident],
        incidentsOpened: incidentsOpened + 1,
        sightings: sightings.slice(1),
        ...(pauses ? pauseBy(session) : {}),
      };
    }
    case 'incidentRepeated':
      return {
        incidents: incidents.map((each) => (each.id === event.id ? { ...each, times: each.times + 1 } : each)),
        sightings: sightings.slice(1),
      };
    case 'incidentClosed': {
      const { id } = event.incident;
      return {
        incidents: incidents.filter((each) => each.id !== id),
        endedIncidents: [...endedIncidents, event.incident].slice(-LIMITS.closedIncidents),
      };
    }
    case 'moved': {
      const isOurs = incidentPause === 'wanted' && event.to.name === 'PAUSED' && event.to.cause === 'incident';
      if (incidentPause === null) return undefined;
      return { incidentPause: isOurs && event.to.name === 'PAUSED' ? event.to.since : null };
    }
    case 'recovered':
      return incidentPause === null ? undefined : { incidentPause: null };
    case 'pinned':
      return session.governance?.incidents ? { listings: listingsOf(event.servers) } : undefined;
    default:
      return session.governance?.incidents ? seen(session, event) : undefined;
  }
}

/** A pause that is there already was brought by what was seen. */
function pauseBy({ state }: Session): Partial<Incidents> {
  if (state.name === 'RUNNING') return { incidentPause: 'wanted' };
  return state.name === 'PAUSED' && state.cause === 'incident' ? { incidentPause: state.since } : {};
}

function seen(session: Session, event: Event): Partial<Incidents> | undefined {
  const more = sightingsOf(session, event);
  const heard = event.type === 'listingDiffers' ? withSeen(session.listings, event.server, event.digest) : {};
  if (more.length === 0) return heard;
  return { ...heard, sightings: [...session.sightings, ...more].slice(0, MOST_SIGHTINGS) };
}

function withSeen(listings: Incidents['listings'], server: string, digest: string | null): Partial<Incidents> {
  const listing = Object.hasOwn(listings, server) ? listings[server] : undefined;
  return listing && digest !== null ? { listings: { ...listings, [server]: { ...listing, seen: digest } } } : {};
}

const listingsOf = (servers: { readonly [name: string]: ServerPin }): { readonly [server: string]: Listing } =>
  Object.fromEntries(
    Object.entries(servers).map(([name, { tools }]) => {
      const hashes = Object.fromEntries(Object.entries(tools).map(([tool, { hash }]) => [tool, hash]));
      return [name, { pinned: digestOfTools(hashes), seen: null }];
    }),
  );
