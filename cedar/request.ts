import type { CedarValueJson, EntityJson, TypeAndId } from '@cedar-policy/cedar-wasm/nodejs';
import type { Intent } from '../protocol/calls/call.ts';
import type { PolicyTerms } from '../protocol/calls/policy.ts';
import type { JsonObject } from '../protocol/values/json.ts';
import { toCedar } from './values.ts';

/** A call as rules are asked about it. */
export interface PolicyQuestion extends Pick<Intent, 'server' | 'tool' | 'method' | 'effect' | 'actor' | 'attempt'> {
  /** As they are sent. */
  readonly args: JsonObject;
  /** It undoes another call. */
  readonly isCompensation: boolean;
  readonly isApproved: boolean;
  /** How many persons did; absent is as many as it takes. */
  readonly approvedBy?: number;
  readonly terms: PolicyTerms;
}

/** The same in Cedar. */
export interface CedarRequest {
  readonly principal: TypeAndId;
  readonly action: TypeAndId;
  readonly resource: TypeAndId;
  readonly context: Record<string, CedarValueJson>;
  readonly entities: EntityJson[];
}

export const DAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/**
 * An attempt as its intent has it.
 * @param called what is sent, which for a compensation is not what the intent says
 */
export const questionOf = (
  { server, method, effect, actor, attempt, compensates, grant }: Intent,
  terms: PolicyTerms,
  { tool, args }: { readonly tool: string; readonly args: JsonObject },
  isApproved: boolean,
): PolicyQuestion => ({
  server,
  tool,
  ...(method === undefined ? {} : { method }),
  args,
  effect,
  actor,
  attempt,
  isCompensation: compensates !== undefined,
  isApproved,
  ...(isApproved && grant ? { approvedBy: grant.by.length } : {}),
  terms,
});

/** Id of an action: `files.write_file`, or `files resources/read`. No name of a server has a space or a point. */
export const actionOf = ({ server, tool, method }: Pick<PolicyQuestion, 'server' | 'tool' | 'method'>): string =>
  method === undefined ? `${server}.${tool}` : `${server} ${method}`;

/** Of a question to Cedar; the same for the same question, whenever it is asked. */
export function cedarRequest(question: PolicyQuestion): CedarRequest {
  const { server, method, args, effect, actor, attempt, isCompensation, isApproved, terms } = question;
  const { agent, labels, startedBy, person, totals, at, decimals } = terms;
  const principal = { type: 'Agent', id: agent.id };
  const date = new Date(at);
  return {
    principal,
    action: { type: 'Action', id: actionOf(question) },
    resource: { type: 'Server', id: server },
    context: {
      args: toCedar(args, decimals) ?? {},
      effect,
      method: method ?? 'tools/call',
      compensation: isCompensation,
      approved: isApproved,
      actor,
      attempt,
      totals: { spent: 0, reserved: 0, ...totals },
      now: { __extn: { fn: 'datetime', arg: date.toISOString() } },
      hour: date.getUTCHours(),
      weekday: DAYS[date.getUTCDay()] ?? '',
    },
    entities: [
      {
        uid: principal,
        attrs: {
          id: agent.id,
          version: agent.version,
          ...(startedBy === null ? {} : { startedBy }),
          ...(person === undefined ? {} : { person }),
        },
        parents: [],
        tags: { ...labels },
      },
    ],
  };
}
