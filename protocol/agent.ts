import * as z from 'zod/mini';
import { aJson, aText, nameField } from './fields.ts';
import type { Proven } from './identity/standing.ts';
import { LIMITS } from './limits.ts';
import type { Json } from './values/json.ts';
import type { Ref } from './values/payload.ts';

/** What an agent that Custody did not start tells a session of itself. */

/** JSON that an agent saved to go on from: as it is, or where the payload store keeps it. */
export type SavedState = { readonly value: Json } | { readonly ref: Ref };

/** With who saved it, and when (epoch milliseconds). Whole in itself, so that a checkpoint can keep it. */
export type AgentState = SavedState & { readonly at: number; readonly actor: string; readonly proof?: Proven };

const USAGE = 'must be { model, inputTokens, outputTokens, microUsd }: a name and whole numbers from 0 on';
const count = z.int(USAGE).check(z.minimum(0, USAGE));
const counts = { inputTokens: count, outputTokens: count, microUsd: count };

/** Model usage; whole numbers from 0 on. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly microUsd: number;
}

export const USAGE_KEYS = Object.keys(counts) as readonly (keyof Usage)[];

export const NO_USAGE: Usage = { inputTokens: 0, outputTokens: 0, microUsd: 0 };

export const RECORD_KINDS = ['decision', 'api-request', 'usage'] as const;
export type RecordKind = (typeof RECORD_KINDS)[number];

/** The fields of a record as an agent sends them. */
export const recordFields = {
  kind: z.enum(RECORD_KINDS, `must be one of ${RECORD_KINDS.join(', ')}`),
  text: aText,
  /** Stands in the history event of the command and nowhere else. */
  data: z.optional(aJson(LIMITS.recordBytes)),
  usage: z.optional(z.strictObject({ model: nameField(USAGE), ...counts }, USAGE)),
};

/** Something that Custody cannot see, as the agent tells it. */
export interface AgentRecord {
  readonly kind: RecordKind;
  readonly text: string;
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
