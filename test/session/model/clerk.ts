import assert from 'node:assert/strict';
import type { UndoPage } from '../../../protocol/calls/undo.ts';
import type { Ref } from '../../../protocol/values/payload.ts';
import type { Advanced, Input } from '../../../session/advance.ts';
import type { Run } from '../../../session/run.ts';

/** Keeps the books of a life: numbers of records, effects that are under way, callers that wait, pages. */
export class Clerk {
  private readonly numbers: number[] = [];
  private readonly pages = new Map<string, UndoPage>();
  private readonly waiting = new Map<string, number>();

  /** What an input brought. */
  takes(before: Run, input: Input, { run, effects, reply }: Advanced): void {
    this.count(input, reply);
    const ofType = (type: string) => effects.filter((effect) => effect.type === type);
    for (const once of ['write', 'show', 'open', 'leave', 'cancelAttempts'])
      assert.ok(ofType(once).length <= 1, `a turn wants ${once} twice`);
    for (const effect of effects) {
      if (effect.type === 'write') this.numbers.push(...effect.records.map(({ n }) => n));
      if (effect.type === 'attempt') this.numbers.push(effect.intent.record);
      if (effect.type === 'open') assert.equal(before.opening, null, 'servers are opened twice at once');
      if (effect.type === 'answer') {
        assert.ok(this.waiting.delete(effect.callId), 'an answer for a call that nobody waits for');
        assert.ok(!run.waiting.includes(effect.callId));
      }
      if (effect.type === 'leave') this.leaves(run);
    }
    if (input.type === 'call' && reply === undefined)
      this.waiting.set(input.command.request.callId, (this.waiting.get(input.command.request.callId) ?? 0) + 1);
    assert.deepEqual([...this.waiting.keys()].sort(), [...run.waiting].sort(), 'a caller is forgotten');
    const running = run.session.open.filter(({ phase }) => phase === 'running').length;
    assert.equal(run.attempts, running, 'attempts under way are counted wrongly');
  }

  /** The number of a command stands in the answer to its update; an accepted call has that of its intents. */
  private count(input: Input, reply: Advanced['reply']): void {
    if (!reply) return;
    if (input.type === 'call' && 'status' in reply && reply.status === 'refused') this.numbers.push(reply.record);
    if ((input.type === 'command' || input.type === 'malformed') && input.via === 'update' && 'ok' in reply)
      this.numbers.push(reply.record);
  }

  private leaves(run: Run): void {
    assert.equal(run.attempts, 0, 'a run is left with attempts under way');
    assert.equal(run.opening, null, 'a run is left while servers are opened');
    assert.deepEqual(run.reopened, [], 'a run is left while a server is opened again');
    assert.deepEqual(run.waiting, [], 'a run is left with callers waiting');
    assert.deepEqual(run.unwritten, [], 'a run is left with records that are not written');
    assert.ok(!run.isPaging);
  }

  /** Callers of the run before ask again. */
  newRun(): void {
    this.waiting.clear();
  }

  /** Numbers have no gap and no repeat; those that a lost run had not written are lost with it. */
  check(run: Run): void {
    const all = [...this.numbers, ...run.unwritten.map(({ n }) => n)].sort((a, b) => a - b);
    assert.deepEqual(
      all,
      Array.from({ length: run.record }, (_, index) => index + 1),
      'numbers of records have gaps or repeats',
    );
    const counted = Object.values(run.session.tally.kinds).reduce((sum, { times }) => sum + times, 0);
    assert.ok(counted <= run.record, 'more records are counted than there are');
  }

  keep(page: UndoPage): Ref {
    const ref = { sha256: String(this.pages.size).padStart(64, '0'), bytes: 1, preview: '' };
    this.pages.set(ref.sha256, page);
    return ref;
  }

  page({ sha256 }: Ref): UndoPage {
    const page = this.pages.get(sha256);
    assert.ok(page, 'a page was read that nobody wrote');
    return page;
  }
}
