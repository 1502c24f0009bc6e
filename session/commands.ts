import type { AgentRecord, SavedState } from '../protocol/agent.ts';
import type { By } from '../protocol/by.ts';
import type { CallRequest } from '../protocol/call.ts';
import type { JsonObject } from '../protocol/values/json.ts';

export const RESOLUTIONS = ['succeeded', 'failed', 'retry'] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

/** What people and programs outside can ask of a session, as signal and as update. */
export type OutsideCommand =
  | { readonly type: 'pause'; readonly by: By }
  | {
      readonly type: 'resume';
      readonly by: By;
      /** Pin the configuration and tools as they are now. */
      readonly acceptChanges: boolean;
    }
  | { readonly type: 'checkpoint'; readonly by: By; readonly name: string }
  | {
      readonly type: 'rollback';
      readonly by: By;
      /** A checkpoint, or null for the start. */
      readonly to: string | null;
    }
  | {
      readonly type: 'extend';
      readonly by: By;
      /** Milliseconds. */
      readonly ms: number;
    }
  | { readonly type: 'complete'; readonly by: By }
  | { readonly type: 'cancel'; readonly by: By }
  | { readonly type: 'resolve'; readonly by: By; readonly callId: string; readonly as: Resolution }
  /** What a server asked in a call is answered; see `readResponses`. */
  | { readonly type: 'respond'; readonly by: By; readonly callId: string; readonly with: JsonObject }
  | { readonly type: 'attach'; readonly by: By }
  | { readonly type: 'saveState'; readonly by: By; readonly saved: SavedState }
  | { readonly type: 'record'; readonly by: By; readonly entry: AgentRecord }
  | { readonly type: 'heartbeat'; readonly by: By }
  | { readonly type: 'call'; readonly by: By; readonly request: CallRequest };

/** One of them by name. */
export type CommandOf<T extends OutsideCommand['type']> = Extract<OutsideCommand, { type: T }>;

export const OUTSIDE_COMMANDS = [
  'pause',
  'resume',
  'checkpoint',
  'rollback',
  'extend',
  'complete',
  'cancel',
  'resolve',
  'respond',
  'attach',
  'saveState',
  'record',
  'heartbeat',
  'call',
] as const satisfies readonly OutsideCommand['type'][];
export type OutsideName = (typeof OUTSIDE_COMMANDS)[number];
