import type { Incident, IncidentCause, Severity } from '../../protocol/incidents/incident.ts';
import type { Finding } from '../../protocol/incidents/scan.ts';
import { usdText } from '../../protocol/money/usd.ts';
import type { Event } from '../events.ts';
import type { Session } from '../session.ts';
import type { Sighting } from './state.ts';

/** Characters of a subject and of a text. */
const SUBJECT = 160;
const TEXT = 400;

/** What is said of an incident of each cause. */
interface Cause {
  readonly severity: (sighting: Sighting) => Severity;
  readonly text: (subject: string, detail: string) => string;
  readonly done: (sighting: Sighting) => string;
  /** The session pauses in any case. */
  readonly pauses?: true;
}

const FOUND: { readonly [done in Finding['done']]: string } = {
  flagged: 'it went through',
  redacted: 'a marker took its place',
  blocked: 'it was kept back',
};

/** The one table of what is an incident, how grave it is, and what is done about it. */
export const CAUSES: { readonly [what in IncidentCause]: Cause } = {
  'tool-changed': {
    severity: () => 'high',
    text: (tool) => `${tool} is not listed as it was pinned`,
    done: () => 'calls of what changed are not sent until somebody accepts it',
    pauses: true,
  },
  'unknown-tool': {
    severity: () => 'medium',
    text: (tool) => `${tool} was called, which the session never had`,
    done: () => 'the call was refused',
  },
  'secret-found': {
    severity: ({ done }) => (done === 'flagged' ? 'high' : 'medium'),
    text: (subject, path) => `${subject}${path}`,
    done: ({ done = 'flagged' }) => FOUND[done],
  },
  'personal-data-found': {
    severity: ({ done }) => (done === 'flagged' ? 'medium' : 'low'),
    text: (subject, path) => `${subject}${path}`,
    done: ({ done = 'flagged' }) => FOUND[done],
  },
  denials: {
    severity: () => 'medium',
    text: (_, times) => `${times} calls in a row were denied`,
    done: () => 'none of them was sent',
  },
  runaway: {
    severity: () => 'high',
    text: (_, text) => text,
    done: () => 'the call was refused, and the session paused',
    pauses: true,
  },
  overrun: {
    severity: () => 'medium',
    text: (name, by) => `${name} cost ${by} more than it could by its limits`,
    done: () => 'it was spent from the budget',
  },
  reset: {
    severity: () => 'critical',
    text: () => 'the session was reset in Temporal',
    done: () => 'no call starts until it is recovered',
  },
};

/** What an event of a session is of incidents, by its state before it. */
export function sightingsOf(session: Session, event: Event): readonly Sighting[] {
  switch (event.type) {
    case 'scanFound':
      return event.findings.map((each) => foundIn(event, each));
    case 'listingDiffers':
      return event.tools.map((tool) => sighting('tool-changed', tool, event.callId));
    case 'attemptRepeated':
      return event.trouble.code === 'TOOL_CHANGED' ? changed(session, event.callId) : [];
    case 'callEnded': {
      const { code } = event.answer.error ?? {};
      const { call } = event;
      if (code === 'TOOL_CHANGED') return changed(session, call.callId);
      return code === 'UNKNOWN_TOOL' ? [sighting('unknown-tool', `${call.server}.${call.tool}`, call.callId)] : [];
    }
    case 'refused':
      return event.code === 'UNKNOWN_TOOL' ? [sighting('unknown-tool', event.about ?? 'a tool', null)] : [];
    case 'callDenied': {
      const most = session.governance?.incidents?.denials ?? null;
      const times = session.denials + 1;
      if (most === null || times % most !== 0) return [];
      return [{ ...sighting('denials', null, event.callId), detail: String(most) }];
    }
    case 'noted':
      return event.kind === 'runaway'
        ? [{ ...sighting('runaway', null, null), detail: event.text.slice(0, TEXT) }]
        : [];
    case 'charged': {
      const { name, callId, excess } = event;
      return excess > 0 ? [{ ...sighting('overrun', name, callId), detail: usdText(excess) }] : [];
    }
    case 'wasReset':
      return [sighting('reset', null, null)];
    default:
      return [];
  }
}

/** The incident that something makes which is no part of an open one. */
export function incidentOf(sighting: Sighting, number: number, at: number): Incident {
  const { what, subject, callId, detail = '' } = sighting;
  const cause = CAUSES[what];
  const text = cause.text(subject ?? '', detail).slice(0, TEXT);
  const said = { severity: cause.severity(sighting), text, done: cause.done(sighting) };
  return { id: `i${number}`, what, subject, callId, ...said, times: 1, at };
}

const sighting = (what: IncidentCause, subject: string | null, callId: string | null): Sighting => ({
  what,
  subject: subject === null ? null : subject.slice(0, SUBJECT),
  callId,
});

function changed({ open }: Session, callId: string): readonly Sighting[] {
  const call = open.find((each) => each.callId === callId);
  return call ? [sighting('tool-changed', `${call.server}.${call.tool}`, callId)] : [];
}

function foundIn({ callId, name }: Extract<Event, { type: 'scanFound' }>, finding: Finding): Sighting {
  const { what, rule, in: place, path, done } = finding;
  const cause = what === 'secrets' ? 'secret-found' : 'personal-data-found';
  return { ...sighting(cause, `${rule} in the ${place} of ${name}`, callId), done, detail: `, at ${path}` };
}
