import type { ClosedIncident, Incident } from '../../protocol/incidents/incident.ts';
import type { Finding } from '../../protocol/incidents/scan.ts';

/** What happens in and to incidents. */
export type IncidentEvent =
  /** A worker found what the profile looks for. */
  | {
      readonly type: 'scanFound';
      readonly callId: string;
      /** The call in words. */
      readonly name: string;
      readonly findings: readonly Finding[];
    }
  /** A server does not list what was pinned. */
  | {
      readonly type: 'listingDiffers';
      readonly server: string;
      /** Null where it was found as the server was opened again. */
      readonly digest: string | null;
      /** `server.tool`, or the server where it is not known which. */
      readonly tools: readonly string[];
      readonly callId: string | null;
    }
  | {
      readonly type: 'incidentOpened';
      readonly incident: Incident;
      /** It stands on record. */
      readonly isNoted: boolean;
      /** The session is to pause for it, or has. */
      readonly pauses: boolean;
    }
  | { readonly type: 'incidentRepeated'; readonly id: string }
  | { readonly type: 'incidentClosed'; readonly incident: ClosedIncident };
