/** What can be wrong with a bundle; the set is closed. `note`: it is not shown, and nothing says that it is wrong. */
export const FINDINGS = {
  MANIFEST_INVALID: {
    severity: 'broken',
    what: 'the list of files is missing, has not its form, or nobody trusted signed it',
  },
  CHECKPOINT_INVALID: {
    severity: 'broken',
    what: 'the checkpoint is missing, has not its form, or nobody trusted signed it',
  },
  ORIGIN_DIFFERS: { severity: 'broken', what: 'the bundle is of another session or namespace than it should be' },
  FILE_MISSING: { severity: 'broken', what: 'a file that is listed is not there' },
  FILE_CHANGED: { severity: 'broken', what: 'a file has not the hash that is listed' },
  FILE_UNLISTED: { severity: 'broken', what: 'a file is there that is not listed' },
  FILE_UNEXPECTED: { severity: 'broken', what: 'a file is listed that has no place in a bundle' },
  TREE_INVALID: { severity: 'broken', what: 'the entries do not give the root that was signed' },
  LEAF_MALFORMED: { severity: 'broken', what: 'an entry is no sealed record in RFC 8785 form' },
  LEAF_MISPLACED: { severity: 'broken', what: 'an entry says that it stands elsewhere, or is of another session' },
  OPENING_INVALID: { severity: 'broken', what: 'what a record is said to have held is not what it was sealed with' },
  DOCUMENT_INVALID: { severity: 'broken', what: 'a document is not what its name says, or no record names it' },
  HISTORY_INVALID: { severity: 'broken', what: 'a history is not RFC 8259 JSON of Temporal, or gives other records' },
  VALUE_INVALID: { severity: 'broken', what: 'a value is not what its name says' },
  TIMESTAMP_INVALID: { severity: 'broken', what: 'the time stamp is not of this checkpoint, or not by who is trusted' },
  WITNESS_INVALID: { severity: 'broken', what: 'too few of the witnesses that are trusted have signed the checkpoint' },
  KEY_WRONG: { severity: 'broken', what: 'the key of the session opens nothing of it' },
  TOO_LARGE: { severity: 'broken', what: 'the bundle, or a file of it, is larger than what is read' },
  WITHHELD: { severity: 'note', what: 'contents were erased or are withheld: hashes alone can be checked' },
  HISTORY_ABSENT: {
    severity: 'note',
    what: 'the raw history of a run is not there: the session goes on, or it was not kept',
  },
  HISTORY_UNCHECKED: { severity: 'note', what: 'nothing here can read a raw history: records were not derived again' },
  VALUE_ABSENT: { severity: 'note', what: 'a value that a record has by reference is not there' },
  UNWITNESSED: { severity: 'note', what: 'nobody outside has witnessed it: who holds the key could have made it anew' },
} as const satisfies Record<string, { readonly severity: 'broken' | 'note'; readonly what: string }>;

export type FindingCode = keyof typeof FINDINGS;

/** One thing that is wrong, or not shown. */
export interface Finding {
  readonly code: FindingCode;
  /** Of the file that it is about. */
  readonly path?: string;
  /** Of the leaf that it is about, from 0. */
  readonly seq?: number;
  /** In words, without what the bundle itself could put there unquoted. */
  readonly why: string;
}

/** Findings of one kind are listed up to so many; the others are counted. */
const LISTED = 100;

/** Takes findings in, as many as there may be. */
export class Findings {
  readonly list: Finding[] = [];
  readonly counts = new Map<FindingCode, number>();

  add(code: FindingCode, why: string, place: Pick<Finding, 'path' | 'seq'> = {}): void {
    const count = (this.counts.get(code) ?? 0) + 1;
    this.counts.set(code, count);
    if (count <= LISTED) this.list.push({ code, ...place, why: why.slice(0, 500) });
  }

  /** Is anything wrong? */
  get isBroken(): boolean {
    return [...this.counts.keys()].some((code) => FINDINGS[code].severity === 'broken');
  }
}
