import { sleep, upsertMemo } from '@temporalio/workflow';
import { byteLength } from '../protocol/values/digest.ts';
import type { AuditRecord, RecordBody } from '../session/records.ts';

const MAX_BYTES = 512 * 1024;

/**
 * The audit trail of a session, as far as no other event of the history shows it: numbered records in the memo `audit`
 * (D2, A2).
 */
export class AuditTrail {
  private last: number;
  private readonly pending: AuditRecord[] = [];

  /** @param last number of the last record of the run before */
  constructor(last: number) {
    this.last = last;
  }

  get number(): number {
    return this.last;
  }

  get isWritten(): boolean {
    return this.pending.length === 0;
  }

  /** The number of a record that stands elsewhere: in an intent, or in the answer to a command. */
  next(): number {
    return (this.last += 1);
  }

  note(record: RecordBody): void {
    this.pending.push({ n: this.next(), at: Date.now(), ...record });
  }

  /**
   * Writes what was noted, at most so many bytes: the server ends a session whose workflow task writes more than 2 MB.
   *
   * @param again called in the next workflow task where something is left
   */
  write(again: () => void): void {
    if (this.isWritten) return;
    let [count, bytes] = [0, 0];
    while (count < this.pending.length && bytes < MAX_BYTES) bytes += byteLength(JSON.stringify(this.pending[count++]));
    upsertMemo({ audit: this.pending.splice(0, count) });
    if (!this.isWritten) void sleep(1, { summary: 'more records' }).then(again);
  }
}
