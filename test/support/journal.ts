import { existsSync, readFileSync, writeFileSync } from 'node:fs';

/** A line of the journal that the server under test keeps (test/servers/journal.mjs). */
export interface JournalEntry {
  readonly phase: 'begin' | 'end' | 'cancelled';
  readonly tool: string;
  /** `session id/call id`. */
  readonly idempotencyKey: string;
  readonly args: { readonly [name: string]: unknown };
  /** `_meta` of the request. */
  readonly meta: { readonly [name: string]: unknown };
  readonly pid: number;
  /** ISO 8601. */
  readonly at: string;
}

/** What happened at a server, whatever became of its clients and of itself. */
export class JournalFile {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  entries(): readonly JournalEntry[] {
    if (!existsSync(this.path)) return [];
    // What stands behind the last line break is being written.
    const lines = readFileSync(this.path, 'utf8').split('\n').slice(0, -1);
    return lines.map((line) => JSON.parse(line) as JournalEntry);
  }

  /** Lets all calls end that were made with this `gate`, now and from now on. */
  open(gate: string): void {
    writeFileSync(`${this.path}.${gate}`, '');
  }

  /** The phases of a call, in order: `begin end` is a call that ran once and to its end. */
  of(sessionId: string, callId: string): string {
    const key = `${sessionId}/${callId}`;
    return this.entries()
      .filter(({ idempotencyKey }) => idempotencyKey === key)
      .map(({ phase }) => phase)
      .join(' ');
  }
}
