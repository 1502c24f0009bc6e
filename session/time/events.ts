import type { By } from '../../protocol/by.ts';

/** What the passing of time, and an extension, do to a session. */
export type TimeEvent =
  | { readonly type: 'warned'; readonly deadlineAt: number }
  | { readonly type: 'deadlineReached'; readonly why: 'timeout' | 'idle'; readonly graceUntil: number }
  | {
      readonly type: 'extended';
      readonly ms: number;
      readonly deadlineAt: number;
      readonly by: By;
      readonly at: number;
    }
  | { readonly type: 'deadlineShifted'; readonly ms: number; readonly deadlineAt: number };
