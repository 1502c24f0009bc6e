import type { Resolution } from '../commands.ts';
import type { Proven } from '../identity/standing.ts';
import type { ReviewSubject, Verdict } from '../reviews/reviews.ts';

/** What persons can be asked to approve. */
export const APPROVAL_KINDS = ['call', 'extend', 'rollback', 'resolve', 'topUp'] as const;
export type ApprovalKind = (typeof APPROVAL_KINDS)[number];

/** A command of a person that takes effect once others approve it. */
export type ApprovableCommand =
  | { readonly type: 'extend'; readonly ms: number }
  | { readonly type: 'rollback'; readonly to: string | null }
  | { readonly type: 'resolve'; readonly callId: string; readonly as: Resolution }
  /** Micro-USD. */
  | { readonly type: 'topUp'; readonly microUsd: number };

/** What an approval is bound to: it allows this and nothing else. */
export type ApprovalSubject =
  | {
      readonly kind: 'call';
      readonly callId: string;
      readonly server: string;
      readonly tool: string;
      /** SHA-256 of the arguments, of the tool's definition, and of the rules that asked. */
      readonly args: string;
      readonly toolHash: string;
      readonly set: string;
    }
  | {
      readonly kind: 'command';
      readonly command: ApprovableCommand;
      readonly reason: string;
      readonly commandId: string;
    };

/** One person's yes. */
export interface Vote {
  readonly actor: string;
  /** Who is behind the actor: the same for all names and keys of one person. */
  readonly person: string;
  /** The actor proved it; absent where it is only claimed. */
  readonly proven?: true;
  /** Of a review: what was found. */
  readonly reason: string;
  /** Of a review. */
  readonly verdict?: Verdict;
  readonly at: number;
}

/** Something that persons are asked. Instants are epoch milliseconds. */
export interface Approval {
  /** In its session: `a1`, `a2`, … */
  readonly id: string;
  readonly kind: ApprovalKind | 'review';
  readonly subject: ApprovalSubject | ReviewSubject;
  /** SHA-256 of the session and the subject: who approves says it, and so approves what it was shown. */
  readonly digest: string;
  /** Why persons are asked, in words, and by which rules. */
  readonly why: string;
  readonly rules: readonly string[];
  /** How many must approve. */
  readonly persons: number;
  /** Who wants it, and so cannot approve it. */
  readonly requester: string;
  /** Who is behind that name; absent where it is only claimed. */
  readonly proven?: Proven;
  readonly openedAt: number;
  /** Then it is too late, and what was asked is denied; a review is late then, and stays to be done. */
  readonly expiresAt: number;
  /** Of a review: that it is late is on record. */
  readonly isOverdue?: true;
  readonly votes: readonly Vote[];
}

/**
 * How an approval ended. `edited`: approved with other arguments, as a call of its own. `void`: what it was bound to
 * changed. `withdrawn`: what it was for is not wanted any more.
 */
export const APPROVAL_ENDS = ['approved', 'edited', 'rejected', 'expired', 'void', 'withdrawn'] as const;
export type ApprovalEnd = (typeof APPROVAL_ENDS)[number];
