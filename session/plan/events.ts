import type { ToolResult } from '../../protocol/calls/result.ts';

/** How a plan goes on. */
export type PlanEvent =
  | { readonly type: 'planWaits'; readonly member: number; readonly until: number }
  | {
      readonly type: 'planMemberDone';
      readonly member: number;
      readonly as?: string;
      readonly result?: ToolResult | null;
    }
  | { readonly type: 'planAdvanced' };
