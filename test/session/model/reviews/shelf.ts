import assert from 'node:assert/strict';
import type { Input } from '../../../../session/advance.ts';
import type { Event } from '../../../../session/events.ts';
import { isEnded } from '../../../../session/lifecycle/states.ts';
import type { Session } from '../../../../session/session.ts';

const OF_THE_END = ['session', 'execution', 'compliance'] as const;

type Of<T extends Event['type']> = Extract<Event, { type: T }>;

/** Where the reviews of a life stand: which are open, and which are done. */
export class Shelf {
  /** How reviews went: at the end or extra, by rules or persons, verdict. */
  readonly seen = new Set<string>();
  readonly #done = new Set<string>();
  /** What calls for an extra review that is not done. */
  readonly #causes = new Set<string>();
  /** Names that acted in it. */
  readonly #actors = new Set<string>();

  sees(event: Event, before: Session, input: Input): void {
    switch (event.type) {
      case 'callAccepted':
        this.#actors.add(event.call.actor);
        break;
      case 'reviewDue':
        assert.ok(!this.#causes.has(event.cause), 'one thing calls for two reviews');
        this.#causes.add(event.cause);
        break;
      case 'reviewedByRules': {
        const { review, verdict, causes } = event.done;
        const mode = before.governance?.reviews[review];
        assert.ok(
          mode === 'rules' || (mode === 'findings' && verdict === 'passed'),
          'rules did what a person is to do',
        );
        this.#did(review, causes, `rules: ${verdict}`);
        break;
      }
      case 'approvalGiven':
        this.#votes(event, input);
        break;
      case 'approvalEnded':
        this.#ended(event);
        break;
      case 'moved':
        this.#moved(event, before);
        break;
      default:
    }
  }

  #did(review: string, causes: readonly string[], how: string): void {
    assert.ok(review === 'extra' || !this.#done.has(review), `the ${review} review was done twice`);
    this.#done.add(review);
    for (const cause of causes) assert.ok(this.#causes.delete(cause), 'something was reviewed that nobody called for');
    this.seen.add(`${review === 'extra' ? 'extra' : 'end'} by ${how}`);
  }

  #votes({ approval, vote }: Of<'approvalGiven'>, input: Input): void {
    if (approval.subject.kind !== 'review') return;
    assert.ok(input.type === 'command' && input.command.type === 'review', 'a review that nobody did');
    assert.equal(input.command.by.actor, vote.actor);
    assert.ok(!this.#actors.has(vote.actor) && vote.actor !== approval.requester, 'who drove it has reviewed it');
    assert.ok(!approval.votes.some(({ person }) => person === vote.person), 'one person counts twice');
  }

  #ended({ approval, as }: Of<'approvalEnded'>): void {
    const { subject, votes, persons } = approval;
    if (subject.kind !== 'review') return;
    assert.ok(['approved', 'rejected', 'void'].includes(as), `a review was ${as}`);
    if (as === 'void') return;
    if (as === 'approved') assert.ok(votes.length >= persons, 'reviewed by too few');
    this.#did(subject.review, subject.causes, `persons: ${as === 'approved' ? 'passed' : 'objection'}`);
  }

  /** Nothing passes AUDIT, and no session ends, with a review that is not done. */
  #moved({ from, to }: Of<'moved'>, { governance }: Session): void {
    if (!governance || (from !== 'AUDIT' && !isEnded(to)) || to.name === 'AUDIT') return;
    assert.deepEqual([...this.#causes], [], `${from} -> ${to.name} with an extra review that is not done`);
    if (!isEnded(to) || !governance.session.complianceCheck) return;
    for (const name of OF_THE_END) assert.ok(this.#done.has(name), `ended without its ${name} review`);
  }

  /** What must hold of the session after each input. */
  check({ approvals }: Session): void {
    const asked = approvals.flatMap(({ subject }) => (subject.kind === 'review' ? [subject.review] : []));
    assert.equal(new Set(asked).size, asked.length, 'a review is asked for twice');
  }
}
