/** What to do about a finding, by what may be behind it. */
const REMEDIES = {
  signer: 'Get the key of the signer from its owner over another way, and compare it with the one you gave.',
  another: 'Ask for the evidence of the session that you mean, or name the one that this should be of.',
  copy: 'Take the bundle again from where it is kept, whole; if it is so there, do not rely on it.',
  remove:
    'Do not rely on that file. Without it, the rest of the bundle is what was signed. An archive keeps what it has ' +
    'no use for: take the bundle with `custody audit seal`, or verify the folder with --archive.',
  ask: 'The bundle was signed as it is: do not rely on it, and ask who sealed it how it came about.',
  key: 'Get the key of the session from who may have it, or go by what is shown without it.',
  erased: 'Nothing: a copy that still has the key of the session is the only one that could be read.',
  later: 'Get the bundle again once the run is over, if the records must be derived again from it.',
  command: 'Verify with the command `custody verify`, which can.',
  report: 'Go by the bundle, and make the report anew from it: `custody report FOLDER --trust KEY`.',
  first: 'See to the other findings first: a report follows from a sound bundle whose contents can be read.',
  archive: 'Get the session from another copy of the archive, and ask who could delete or replace it there.',
  kept: 'Ask whether workers were down then, and compare with a copy of the log, or a checkpoint that was witnessed.',
  witness: 'Compare it with a copy that somebody else kept, or have checkpoints witnessed from now on.',
} as const;

/** One kind of finding. */
export interface FindingKind {
  readonly severity: 'broken' | 'note';
  readonly what: string;
  /** What to do about it. */
  readonly remedy: string;
}

const kind =
  (severity: FindingKind['severity']) =>
  (what: string, remedy: keyof typeof REMEDIES): FindingKind => ({ severity, what, remedy: REMEDIES[remedy] });
const [broken, note] = [kind('broken'), kind('note')];

/** What can be wrong with a bundle; the set is closed. `note`: it is not shown, and nothing says that it is wrong. */
export const FINDINGS = {
  MANIFEST_INVALID: broken('the list of files is missing, has not its form, or nobody trusted signed it', 'signer'),
  CHECKPOINT_INVALID: broken('the checkpoint is missing, has not its form, or nobody trusted signed it', 'signer'),
  ORIGIN_DIFFERS: broken('the bundle is of another session or namespace than it should be', 'another'),
  FILE_UNREADABLE: broken('a link, a pipe or a device stands where a file should, or it cannot be read', 'copy'),
  FILE_MISSING: broken('a file that is listed is not there', 'copy'),
  FILE_CHANGED: broken('a file has not the hash that is listed', 'copy'),
  FILE_UNLISTED: broken('a file is there that is not listed', 'remove'),
  FILE_UNEXPECTED: broken('a file is listed that has no place in a bundle', 'ask'),
  TREE_INVALID: broken('the entries do not give the root that was signed', 'ask'),
  LEAF_MALFORMED: broken('an entry is no sealed record in RFC 8785 form', 'ask'),
  LEAF_MISPLACED: broken('an entry says that it stands elsewhere, or is of another session', 'ask'),
  OPENING_INVALID: broken('what a record is said to have held is not what it was sealed with', 'ask'),
  DOCUMENT_INVALID: broken('a document is not what its name says, or no record names it', 'ask'),
  HISTORY_INVALID: broken('a history is not RFC 8259 JSON of Temporal, or gives other records', 'ask'),
  VALUE_INVALID: broken('a value is not what its name says', 'ask'),
  TIMESTAMP_INVALID: broken('the time stamp is not of this checkpoint, or not by who is trusted', 'signer'),
  TIMESTAMP_ABSENT: broken('no time stamp is there, and one was asked for', 'witness'),
  WITNESS_INVALID: broken('too few of the witnesses that are trusted have signed the checkpoint', 'signer'),
  KEY_WRONG: broken('the key of the session opens nothing of it', 'key'),
  SESSION_DROPPED: broken('a session that the log of the namespace names is not in the archive', 'archive'),
  SESSION_SHRUNK: broken('a session has fewer records than the log of the namespace says', 'archive'),
  SESSION_DIFFERS: broken('a session does not go on from what the log of the namespace says of it', 'archive'),
  TOO_LARGE: broken('the bundle, or a file of it, is larger than what is read', 'copy'),
  REPORT_INVALID: broken('the report is none that `custody report --format json` writes', 'report'),
  REPORT_OF_OTHER: broken('the report is of another log, or of another checkpoint of it', 'report'),
  REPORT_UNCHECKED: broken('the report could not be made again', 'first'),
  REPORT_DIFFERS: broken('what the report says does not follow from the records', 'report'),
  ORDER_INVALID: broken('who had evidence erased or held is not whose signature stands there', 'ask'),
  WITHHELD: note('contents are withheld: hashes alone can be checked', 'key'),
  ERASED: note('contents were erased, by somebody who signed it: hashes alone can be checked', 'erased'),
  HISTORY_ABSENT: note('the raw history of a run is not there: the session goes on, or it was not kept', 'later'),
  HISTORY_UNCHECKED: note('nothing here can read a raw history: records were not derived again', 'command'),
  VALUE_ABSENT: note('a value that a record has by reference is not there', 'ask'),
  SESSION_UNNAMED: note('a session is in the archive, and the log of the namespace does not name it', 'kept'),
  HEARTBEAT_MISSING: note('for more than two hours nothing shows that the log of the namespace was kept', 'kept'),
  UNWITNESSED: note('nobody outside has witnessed it: who holds the key could have made it anew', 'witness'),
} as const satisfies Record<string, FindingKind>;

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
