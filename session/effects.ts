import type { Intent } from '../protocol/calls/call.ts';
import type { Notice } from '../protocol/notices/notice.ts';
import type { AuditRecord } from '../protocol/records.ts';
import type { ProofCheck } from '../protocol/identity/proof.ts';
import type { AttachReply, CallReply, CommandReply } from '../protocol/replies.ts';
import type { Draw } from '../protocol/money/budgets.ts';
import type { UndoPage } from '../protocol/calls/undo.ts';
import type { Ref } from '../protocol/values/payload.ts';
import type { Binding } from './servers/binding.ts';
import type { Shown } from './view/shown.ts';

/** What a session wants done. What comes of it is a fact, or nothing. */
export type Effect =
  /** Makes one attempt of a call; `attemptEnded` says how it ended. */
  | {
      readonly type: 'attempt';
      readonly intent: Omit<Intent, 'runId'>;
      /** The worker that alone can make it, and whether it goes straight to that one's own queue. */
      readonly bound: { readonly binding: Binding; readonly isApart: boolean } | null;
      /** What tells a server that its question is cancelled is not cancelled itself. */
      readonly isCancellable: boolean;
    }
  /** Asks workers how an attempt ended that was under way when its run was lost. */
  | { readonly type: 'seek'; readonly intent: Omit<Intent, 'runId'>; readonly workers: readonly string[] }
  | { readonly type: 'cancelAttempts' }
  /** Loads the profile and opens all servers; `opened` or `openFailed`, and who is lost, say what came of it. */
  | { readonly type: 'open' }
  | { readonly type: 'reopen'; readonly server: string }
  | { readonly type: 'readPage'; readonly ref: Ref }
  | { readonly type: 'writePage'; readonly page: UndoPage }
  /** Closes what workers hold for a session that has ended. */
  | { readonly type: 'close'; readonly workers: readonly string[] }
  | { readonly type: 'write'; readonly records: readonly AuditRecord[] }
  /** Passes notices on to those who deliver them; `passedOn` says that they have them. */
  | { readonly type: 'notify'; readonly notices: readonly Notice[] }
  | { readonly type: 'show'; readonly shown: Shown }
  /** Has the run look again at that instant, in place of any before. */
  | { readonly type: 'wake'; readonly at: number; readonly what: string }
  /** The caller of this call waits no more. */
  | { readonly type: 'answer'; readonly callId: string; readonly reply: CallReply }
  /** Has a worker check the proof of a command that waits; `proved` says what it found. */
  | { readonly type: 'prove'; readonly n: number; readonly check: ProofCheck }
  /** The caller of a command that waited has its reply. */
  | { readonly type: 'reply'; readonly n: number; readonly reply: CommandReply | AttachReply }
  /** Says to a shared budget what was used and what is wanted; `drawn` or `drawFailed` say what came of it. */
  | { readonly type: 'draw'; readonly budget: string; readonly draw: Draw; readonly at: number }
  | { readonly type: 'leave'; readonly how: 'ended' | 'continue' };
