import assert from 'node:assert/strict';
import type { Approval } from '../../../../protocol/calls/approvals.ts';
import { type AttemptOutcome, type Intent, isRepeatable } from '../../../../protocol/calls/call.ts';
import { digestOf } from '../../../../protocol/values/digest.ts';
import type { Input } from '../../../../session/advance.ts';
import type { Event } from '../../../../session/events.ts';
import type { Session } from '../../../../session/session.ts';
import { argsOf, isSent } from './guards.ts';

interface Page {
  readonly approval: Approval;
  readonly voters: Set<string>;
  as?: string;
  /** Of an edited one: who, and with what. */
  edited?: { readonly by: string; readonly args: string };
}

/** Keeps the books of approvals: what was asked, who said what, and what was done with it. */
export class ApprovalBook {
  readonly #pages = new Map<string, Page>();
  /** Approvals under which a call was sent that must not be sent twice. */
  readonly #spent = new Set<string>();
  /** How often a call was sent that persons had approved. */
  uses = 0;
  readonly ends = new Set<string>();

  sees(event: Event, before: Session, input: Input): void {
    const command = input.type === 'command' ? input.command : undefined;
    switch (event.type) {
      case 'approvalAsked':
        assert.ok(!this.#pages.has(event.approval.id), 'an approval was asked twice');
        this.#pages.set(event.approval.id, { approval: event.approval, voters: new Set() });
        break;
      case 'approvalGiven': {
        if (event.approval.kind === 'review') break;
        const { voters, approval, as } = this.#page(event.approval.id);
        const { actor, at } = event.vote;
        assert.ok(command?.type === 'approve' && command.by.actor === actor, 'a vote that nobody gave');
        assert.equal(command.digest, approval.digest, 'a vote for something else');
        assert.ok(as === undefined && at < approval.expiresAt, 'a vote after the end');
        assert.ok(actor !== approval.requester, 'who asked has approved');
        assert.ok(!voters.has(actor), 'somebody counts twice');
        voters.add(actor);
        break;
      }
      case 'approvalEnded':
        if (event.approval.kind !== 'review') this.#ended(event, before, input);
        break;
      case 'extended':
        this.#performed('extend', before, input);
        break;
      case 'callResolved':
        this.#performed('resolve', before, input);
        break;
      case 'moved':
        if (event.to.name === 'ROLLBACK' && command) this.#performed('rollback', before, input);
        break;
      default:
    }
  }

  #page(id: string): Page {
    const page = this.#pages.get(id);
    assert.ok(page, `nobody was asked for ${id}`);
    return page;
  }

  #ended(event: Extract<Event, { type: 'approvalEnded' }>, before: Session, input: Input): void {
    const { approval, as, grant } = event;
    const page = this.#page(approval.id);
    assert.equal(page.as, undefined, 'an approval ended twice');
    page.as = as;
    this.ends.add(as);
    if (as === 'approved') assert.ok(page.voters.size >= approval.persons, 'approved by too few');
    if (as === 'expired') assert.ok(event.at >= approval.expiresAt, 'expired too early');
    const command = input.type === 'command' ? input.command : undefined;
    if (as === 'rejected') assert.ok(command?.type === 'reject' && command.by.actor !== approval.requester);
    if (as === 'edited') {
      assert.ok(command?.type === 'approve' && command.args && command.by.actor !== approval.requester);
      page.edited = { by: command.by.actor, args: digestOf(command.args) };
    }
    const { subject } = approval;
    if (subject.kind !== 'call') return;
    const call = before.open.find(({ callId }) => callId === subject.callId);
    const isAwaited = call?.phase === 'awaiting_approval' && call.approval === approval.id;
    if (grant || as === 'void' || as === 'edited') assert.ok(isAwaited, 'a call went on that did not wait for it');
  }

  /** A command that the profile wants others to approve took effect. */
  #performed(what: 'extend' | 'resolve' | 'rollback', { governance }: Session, input: Input): void {
    if ((governance?.approvals[what] ?? 0) === 0 || input.type !== 'command') return;
    assert.equal(input.command.type, 'approve', `${what} took effect, and others were to approve it`);
  }

  /** An attempt ended that persons had to approve, as a worker let it be sent. @param persons who had to approve it */
  used(intent: Intent, persons: number, outcome: AttemptOutcome): void {
    const { grant, callId, policy } = intent;
    assert.ok(grant && policy, 'a call was sent that nobody approved');
    const { approval, voters, as, edited } = this.#page(grant.approval);
    const { subject, requester, expiresAt, id } = approval;
    assert.ok(subject.kind === 'call' && (as === 'approved' || as === 'edited'), `${as} is no approval`);
    assert.ok(policy.at < expiresAt, 'used after its end');
    assert.equal(intent.toolHash, subject.toolHash, 'used for another tool');
    assert.equal(policy.set, subject.set, 'used under other rules');
    const whose = edited ? `edit/${id}` : subject.callId;
    assert.equal(callId, whose, 'used for another call');
    assert.equal(argsOf(intent), edited?.args ?? subject.args, 'used for other arguments');
    const approvers = edited ? new Set([edited.by]) : voters;
    assert.ok(approvers.size >= persons && !approvers.has(requester), 'approved by too few, or by who asked');
    if (!isSent(outcome)) return;
    this.uses += 1;
    if (isRepeatable(intent.effect) || outcome.kind === 'input_required') return;
    assert.ok(!this.#spent.has(id), 'an approval was used twice');
    this.#spent.add(id);
  }

  /** What must hold of the session after each input. */
  check({ open, approvals, state, servers, policy }: Session): void {
    for (const call of open)
      if (call.phase === 'awaiting_approval')
        assert.ok(
          approvals.some(({ id }) => id === call.approval),
          'a call waits for an approval that nobody is asked for',
        );
    for (const { subject } of approvals) {
      if (subject.kind !== 'call' || state.name !== 'RUNNING') continue;
      assert.equal(subject.set, policy?.hash, 'persons are asked by rules that are not those of the session');
      if (subject.toolHash === '') continue; // A read, which is no tool.
      const pinned = servers[subject.server]?.tools[subject.tool]?.hash;
      assert.equal(subject.toolHash, pinned, 'persons are shown a tool that is not the one that would be called');
    }
    assert.equal(new Set(approvals.map(({ id }) => id)).size, approvals.length);
  }
}
