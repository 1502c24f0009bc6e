import type { AuditRecord } from '../../../protocol/records.ts';
import { LAYERS, type Layer } from '../../../protocol/records.ts';

/** What decides which layers are at work, as the records tell it (session/money/layers.ts). */
export interface AtWork {
  readonly state: string;
  /** Checks that are due. */
  readonly isDue: boolean;
  /** What calls for an extra review that is not done. */
  readonly causes: readonly string[];
  /** The extra review that persons are asked for. */
  readonly asked: string | null;
}

export const layersOf = ({ state, isDue, causes }: AtWork): readonly Layer[] => {
  if (state === 'COMPLETED' || state === 'FAILED' || state === 'TIMEOUT') return [];
  const executes = state === 'RUNNING' || state === 'RESUMING' || state === 'ROLLBACK';
  const checks = state === 'AUDIT' || isDue || causes.length > 0;
  return LAYERS.filter((layer) => layer === 'session' || (layer === 'execution' ? executes : checks));
};

/** The same after a record. */
export function after(work: AtWork, { kind, data }: AuditRecord): AtWork {
  switch (kind) {
    case 'transition':
      return { ...work, state: data.to };
    case 'check-due':
      return { ...work, isDue: true };
    case 'checked':
      return { ...work, isDue: false };
    case 'review-due':
      return { ...work, causes: [...work.causes.filter((cause) => cause !== data.cause), data.cause] };
    case 'review-asked':
      return data.review === 'extra' ? { ...work, asked: data.approval } : work;
    case 'reviewed':
      return reviewed(work, data);
    case 'approval-ended':
      if (data.approval !== work.asked) return work;
      return { ...work, asked: null, causes: data.as === 'void' ? work.causes : [] };
    default:
      return work;
  }
}

function reviewed(work: AtWork, data: Extract<AuditRecord, { kind: 'reviewed' }>['data']): AtWork {
  if (data.review !== 'extra') return work;
  // Of persons the last one ends it.
  if ('votes' in data && data.verdict !== 'objection' && data.votes < data.persons) return work;
  return { ...work, asked: null, causes: work.causes.filter((cause) => !data.causes.some((each) => each === cause)) };
}
