/** What a worker looks for in what is sent to servers and what comes back. */
export const SCANNED = ['secrets', 'mail', 'iban', 'card', 'phone'] as const;
export type Scanned = (typeof SCANNED)[number];

/**
 * What becomes of what is found, each stricter than the one before. `flag`: it goes on, and is an incident. `redact`:
 * a marker takes its place. `block`: the call is not made, or its result is kept from everybody.
 */
export const SCAN_ACTIONS = ['off', 'flag', 'redact', 'block'] as const;
export type ScanAction = (typeof SCAN_ACTIONS)[number];

/** What is looked for in a session. */
export type ScanTerms = { readonly [what in Scanned]: ScanAction };

/** Of an intent: what is looked for, the rest left out; at least one. */
export type ScanWanted = { readonly [what in Scanned]?: Exclude<ScanAction, 'off'> };

export const SCAN_PLACES = ['arguments', 'result', 'message', 'undo'] as const;

/** What was found, and never the text itself. */
export interface Finding {
  readonly what: Scanned;
  /** Name of the rule, such as `github-token`; `not-scanned` where the scan gave up. */
  readonly rule: string;
  readonly in: (typeof SCAN_PLACES)[number];
  /** Where it stands there, such as `$.content[0].text`. */
  readonly path: string;
  readonly times: number;
  /** What became of it. */
  readonly done: 'flagged' | 'redacted' | 'blocked';
}

/** The rule of what could not be scanned. */
export const NOT_SCANNED = 'not-scanned';

/** What an outcome carries of findings at most, and their paths. */
export const MOST_FINDINGS = 20;
export const MOST_PATH = 120;

/** What takes the place of what was found. */
export const marker = (rule: string): string => `[redacted: ${rule}]`;
