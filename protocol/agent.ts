import type { Json } from './values/json.ts';
import type { Ref } from './values/payload.ts';

/** What an agent that Custody did not start tells a session of itself (E7, L10). */

/** JSON that an agent saved to go on from: as it is, or where the payload store keeps it. */
export type SavedState = { readonly value: Json } | { readonly ref: Ref };

/** With who saved it, and when (epoch milliseconds). Whole in itself, so that a checkpoint can keep it. */
export type AgentState = SavedState & { readonly at: number; readonly actor: string };

/** Model usage; whole numbers from 0 on. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly microUsd: number;
}

export const USAGE_KEYS = ['inputTokens', 'outputTokens', 'microUsd'] as const satisfies readonly (keyof Usage)[];

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, microUsd: 0 };

export const RECORD_KINDS = ['decision', 'api-request', 'usage'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** Something that Custody cannot see, as the agent tells it. */
export interface AgentRecord {
  readonly kind: RecordKind;
  readonly text: string;
  /** Stands in the history event of the command and nowhere else. */
  readonly data?: Json;
  readonly usage?: Usage & { readonly model: string };
}

/** Signs of life. Kept only where `session.agentHeartbeat` asks for them. */
export interface AgentLife {
  /** Of the last sign that was no call; epoch milliseconds. */
  readonly seenAt: number | null;
  /** Since when it is lost; null once it is back. */
  readonly lostAt: number | null;
}
