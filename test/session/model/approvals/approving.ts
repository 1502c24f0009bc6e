import assert from 'node:assert/strict';
import type { By } from '../../../../protocol/by.ts';
import type { AttemptOutcome } from '../../../../protocol/calls/call.ts';
import { inputOf } from '../../world.ts';
import { deepFreeze, Runner } from '../runner.ts';
import type { Decides } from './decisions.ts';
import { type Guards, isGranted, personsFor, saidByWorker } from './guards.ts';

/** Ends attempts as a worker that keeps the rules, and decides as persons do. */
export abstract class Approving extends Runner {
  /** The rules of this life, where it has any. */
  protected guards: Guards | null = null;
  private commands = 0;

  protected by(): By {
    return { actor: 'ann', reason: 'because', commandId: `own-${(this.commands += 1)}` };
  }

  protected pass(ms: number): void {
    this.now += ms;
    if (this.session.state.name === 'PAUSED') this.witness.pausedFor += ms;
  }

  /** An attempt ends, as a worker that keeps the rules lets it. */
  protected ends(callId: string, outcome: AttemptOutcome): void {
    const intent = this.intents.get(callId);
    const persons = intent && personsFor(intent, this.guards);
    const isAllowed = !intent || persons === undefined || isGranted(intent, persons);
    if (intent && persons !== undefined && isAllowed) this.book.used(intent, persons, outcome);
    const said = isAllowed ? outcome : saidByWorker(intent, persons ?? 1, outcome);
    this.learn({ type: 'attemptEnded', callId, outcome: deepFreeze(said) });
  }

  /** Somebody decides what is asked, or tries to. */
  protected decides({ pick: which, by, how, first, after }: Decides): void {
    if (first) this.command(first);
    if (after > 0) this.pass(after);
    const { approvals, endedApprovals } = this.session;
    const asked = how === 'late' ? endedApprovals : approvals.filter(({ kind }) => kind !== 'review');
    const { id, digest } = asked[which % Math.max(1, asked.length)] ?? { id: 'a999', digest: '0'.repeat(64) };
    const open = approvals.find((each) => each.id === id);
    const free = ['ann', 'bob', 'cid', 'dan'].find(
      (each) => each !== open?.requester && !open?.votes.some(({ actor }) => actor === each),
    );
    const actor = by ?? free ?? 'ann';
    const from = { ...this.by(), actor };
    if (how === 'reject') return this.command({ type: 'reject', by: from, approval: id });
    const approve = {
      type: 'approve',
      by: from,
      approval: id,
      digest: how === 'forged' ? 'f'.repeat(64) : digest,
    } as const;
    if (how !== 'forged' && how !== 'late')
      return this.command({ ...approve, ...(how === 'edit' ? { args: { n: 2 } } : {}) });
    const { reply } = this.apply(inputOf(approve));
    assert.ok(reply && 'ok' in reply && !reply.ok, `an approval that is ${how} was taken`);
  }
}
