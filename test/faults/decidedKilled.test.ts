import { describe, expect, test } from 'vitest';
import { DecisionReader } from '../../audit/decisions.ts';
import { decisionsOf } from '../support/policy/decisions.ts';
import { judge, standing } from '../support/judge.ts';
import type { Point } from '../support/processes/workerProcess.ts';
import { Scene } from '../support/scene.ts';
import { temporalAddress } from '../support/temporal.ts';
import { until } from '../support/until.ts';

const ALLOWED = '@id("ok") permit(principal, action, resource) when { context.args.text == "x" };';
const ASKED = '@id("ask") @approval forbid(principal, action == Action::"journal.append", resource);';

const KILLS: readonly { readonly at: Point; readonly journal: string; readonly then: 'succeeded' | 'in_doubt' }[] = [
  { at: 'before-mark', journal: 'begin end', then: 'succeeded' },
  { at: 'after-mark', journal: '', then: 'in_doubt' },
  { at: 'after-answer', journal: 'begin end', then: 'in_doubt' },
];

describe.concurrent('P2, P6, L6: a worker killed once a call was decided', () => {
  for (const [what, rules] of Object.entries({ 'allowed by a rule': ALLOWED, 'approved by a person': ASKED })) {
    test.for(KILLS)(
      `${what}, at $at: $then, and nothing reached the server without a decision on record`,
      async ({ at, journal, then }, { onTestFinished }) => {
        const scene = await Scene.open({ address: temporalAddress(), rules });
        onTestFinished(() => scene.close());
        const first = await scene.worker({ fault: at });
        const id = await scene.session();
        const answer = scene.custody.session(id).call('journal.append', { text: 'x' }, { callId: 'c' });
        if (rules === ASKED) {
          const [approval] = await until('somebody is asked', async () => {
            const asked = await scene.custody.session(id).approvals.list();
            return asked.length > 0 && asked;
          });
          const { approvals } = scene.custody.as('bob').session(id);
          // The worker may die before it answers.
          void approvals.approve(approval!.id, approval!.digest, { commandId: 'yes' }).catch(() => undefined);
        }
        expect(await first.exited).toMatchObject({ signal: 'SIGKILL', struck: at });
        await scene.worker();
        await until('settled or in doubt', () => standing(scene, id, 'c'));
        expect(await standing(scene, id, 'c')).toBe(then);
        expect(scene.journal.of(id, 'c')).toBe(journal);
        if (then === 'in_doubt') await scene.custody.session(id).resolve('c', 'succeeded', { reason: 'looked it up' });
        expect(await answer).toMatchObject({ outcome: 'succeeded' });
        await judge(scene, id);
        const decisions = (await decisionsOf(scene.custody, id)).filter(({ callId }) => callId === 'c');
        expect(decisions.filter(({ sent }) => sent).length).toBeGreaterThan(0);
        for (const { sent, decision, approved } of decisions) {
          if (!sent) continue;
          expect(decision?.verdict).toBe('allow');
          expect(approved).toBe(rules === ASKED);
        }
        // What replays decisions finds them where a person would: a mark of a lost attempt included.
        const reader = new DecisionReader();
        const { events } = await scene.custody.temporal.workflow.getHandle(id).fetchHistory();
        for (const event of events ?? []) reader.read('run', event);
        const read = reader.attempts.filter(({ intent }) => intent.callId === 'c');
        for (const { attempt, sent, decision } of decisions)
          if (sent) expect(read.find(({ intent }) => intent.attempt === attempt)?.decision).toEqual(decision);
      },
    );
  }
});
