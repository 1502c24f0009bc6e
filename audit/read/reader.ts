import type { AuditRecord } from '../../protocol/records.ts';
import { isObject } from '../../protocol/values/json.ts';
import { decode, decodeOne, type HistoryEvent, instantOf } from '../history.ts';
import { provenIn, standingIn } from '../standing.ts';
import { ActivityReader } from './attempts.ts';
import { CommandReader } from './commands.ts';
import { type EvidenceRecord, RECORD_VERSION } from './record.ts';
import { canceledIn, endedIn, startedIn } from './runs.ts';
import type { Said } from './said.ts';

/** Reads the history of one run into records, event by event, in order. */
export class RecordReader {
  readonly #session: string;
  readonly #run: string;
  readonly #commands = new CommandReader();
  readonly #activities = new ActivityReader();

  constructor(session: string, run: string) {
    this.#session = session;
    this.#run = run;
  }

  read(event: HistoryEvent): readonly EvidenceRecord[] {
    const said = this.#said(event);
    if (said.length === 0) return [];
    const id = Number(event.eventId ?? 0);
    const at = new Date(instantOf(event.eventTime)).toISOString();
    return said.map(({ on = [], by = null, proof = null, call = null, n = null, ...what }) => ({
      v: RECORD_VERSION,
      session: this.#session,
      run: this.#run,
      events: [...on, id],
      at,
      n,
      ...(what as { layer: 'session'; kind: 'notify'; data: { text: string } }),
      by,
      standing: standingIn(by, proof),
      proof,
      call,
    }));
  }

  #said(event: HistoryEvent): readonly Said[] {
    const started = event.workflowExecutionStartedEventAttributes;
    if (started) return [startedIn(decode(started.input)[0])];
    const properties = event.workflowPropertiesModifiedEventAttributes;
    if (properties) return numbered(decodeOne(properties.upsertedMemo?.fields?.audit));
    const command = this.#commands.read(event) ?? this.#activities.read(event);
    if (command) return command;
    const other = canceledIn(event) ?? endedIn(event);
    return other ? [other] : [];
  }
}

/** What the session wrote itself. */
function numbered(value: unknown): readonly Said[] {
  if (!Array.isArray(value)) return [];
  return (value as readonly AuditRecord[]).filter(isObject).map(({ n, by, proof, ...said }) => ({
    ...({ layer: said.layer, kind: said.kind, data: said.data } as Said),
    ...(typeof n === 'number' ? { n } : {}),
    ...(by === undefined ? {} : { by }),
    ...provenIn({ proof }),
    ...callIn(said.data),
  }));
}

const callIn = (data: unknown): { readonly call?: string } =>
  isObject(data) && typeof data.callId === 'string' ? { call: data.callId } : {};
