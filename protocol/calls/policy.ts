/** What rules say of a call. */
export type Verdict = 'allow' | 'deny' | 'needs_approval';

/** A rule that could not be evaluated; `rule` is empty where none could. */
export interface RuleError {
  readonly rule: string;
  readonly message: string;
}

/** What rules said of one attempt of a call. Made from its intent and the rules alone: anyone can make it again. */
export interface PolicyDecision {
  readonly verdict: Verdict;
  /** Ids of the rules that made it, sorted; none where no rule speaks for the call, or one could not be evaluated. */
  readonly rules: readonly string[];
  /** Rules that could not be evaluated: the verdict is a denial then. */
  readonly errors?: readonly RuleError[];
  /** What the verdict would be with the rules that are on trial (`@mode("log-only")`), where these change or err. */
  readonly trial?: { readonly verdict: Verdict; readonly rules: readonly string[] };
  /** The whole set is on trial: the verdict is on record and nothing more. */
  readonly logOnly?: true;
  /** What evaluated the rules: name and version. */
  readonly engine: string;
}

/** What an attempt was held against beside the call itself. */
export interface PolicyTerms {
  /** SHA-256 of the RFC 8785 form of the rules. */
  readonly set: string;
  readonly agent: { readonly id: string; readonly version: string };
  readonly labels: { readonly [name: string]: string };
  /** Who started the session. */
  readonly startedBy: string | null;
  /** The person behind that, where that one proved it. */
  readonly person?: string;
  readonly totals: SessionTotals;
  /** When it was dispatched, epoch milliseconds. */
  readonly at: number;
  /** See `ToolPin.decimals`. */
  readonly decimals?: readonly string[];
}

/** Of the session, with the attempt at hand. */
export interface SessionTotals {
  /** Calls and repeats of calls taken so far. */
  readonly calls: number;
  /** Denials since the last answer of a tool. */
  readonly denials: number;
  /** Whole minutes since the start. */
  readonly minutes: number;
  readonly restarts: number;
  /** Micro-USD, with what the attempt reserves; absent where there is no account. */
  readonly spent?: number;
  readonly reserved?: number;
  /** Micro-USD; absent where there is no limit. */
  readonly free?: number;
}

/** Rules as a session pins them and a worker reads them: one definition, the same hash everywhere. */
export interface PolicyDocument {
  /** What holds where no rule speaks for a call. */
  readonly default: 'allow' | 'deny';
  /** `log-only`: what the rules say is on record and nothing more. */
  readonly mode: 'enforce' | 'log-only';
  /** In Cedar, in the order in which custody.yaml names them. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

/** What approves a call: goes with its intent, and is held against what is sent. */
export interface Grant {
  /** Id of the approval. */
  readonly approval: string;
  readonly args: string;
  readonly toolHash: string;
  readonly set: string;
  /** Who approved. */
  readonly by: readonly string[];
  /** Not to be used from then on. */
  readonly expiresAt: number;
}
