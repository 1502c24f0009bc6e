import type { Layer, RecordBody, RecordKind, RecordKinds } from '../../protocol/records.ts';

/** An entry for the audit trail. */
export const record = <K extends RecordKind>(layer: Layer, kind: K, data: RecordKinds[K], by?: string): RecordBody =>
  ({ layer, kind, data, ...(by === undefined ? {} : { by }) }) as RecordBody;
