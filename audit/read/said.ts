import type { Proven } from '../../protocol/identity/standing.ts';
import type { Layer } from '../../protocol/records.ts';
import type { AuditKind, AuditKinds } from './record.ts';

/** What an event says, before it is known where it stands. */
export type Said = {
  readonly [K in AuditKind]: {
    readonly layer: Layer;
    readonly kind: K;
    readonly data: AuditKinds[K];
    readonly by?: string | null;
    readonly proof?: Proven | null;
    readonly call?: string;
    readonly n?: number;
    /** Ids of earlier events that it rests on too. */
    readonly on?: readonly number[];
  };
}[AuditKind];
