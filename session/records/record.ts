import type { Proven } from '../../protocol/identity/standing.ts';
import type { Layer, RecordBody, RecordKind, RecordKinds } from '../../protocol/records.ts';

/** An entry for the audit trail. */
export const record = <K extends RecordKind>(
  layer: Layer,
  kind: K,
  data: RecordKinds[K],
  by?: string,
  proof?: Proven,
): RecordBody =>
  ({ layer, kind, data, ...(by === undefined ? {} : { by }), ...(proof ? { proof } : {}) }) as RecordBody;

/** The same with the proof of who is behind it, where that is who asked. */
export const provenBy = (body: RecordBody, who: Asker | undefined): RecordBody =>
  who?.proven && body.by === who.actor ? { ...body, proof: who.proven } : body;

/** Who asked for what happens. */
export interface Asker {
  readonly actor: string;
  readonly proven?: Proven;
}
