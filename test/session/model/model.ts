import { EFFECTS } from '../../../protocol/calls/call.ts';
import type { Governance } from '../../../protocol/governance.ts';
import type { Lease } from '../../../protocol/calls/lease.ts';
import { NOTICE_KINDS } from '../../../protocol/notices/kinds.ts';
import type { SessionSpec } from '../../../protocol/spec.ts';
import { isRunning, restOf } from '../../../session/calls/state.ts';
import type { Fact } from '../../../session/facts.ts';
import { isEnded } from '../../../session/lifecycle/states.ts';
import { newRun } from '../../../session/run.ts';
import { bindingOf, type HeldLease } from '../../../session/servers/binding.ts';
import { nextInstant } from '../../../session/time/instants.ts';
import type { Life, Step } from './lives.ts';
import { HOUR, pinOf, textOf } from '../world.ts';
import { Reviewing } from './reviews/reviewing.ts';
import { BOOK } from './money/prices.ts';
import { deepFreeze, RUN } from './runner.ts';

/** Lives a random life: its steps are what people, servers, workers and time do to a session. */
export class Model extends Reviewing {
  private readonly governance: Governance;
  private rules = 1;
  private hasPrices = false;
  /** How the server of this life keeps state, if it does. */
  private holds: Omit<Lease, 'lease'> | null = null;

  constructor(specification: SessionSpec, rules: Governance) {
    super(specification);
    this.governance = rules;
  }

  static live(life: Life, model = new Model(life.spec, life.governance)): Model {
    const { guards, hasPrices, opens, holds, slots, steps } = life;
    model.guards = guards;
    model.hasPrices = hasPrices;
    model.holds = holds && { whenLost: holds, slots };
    model.work();
    if (opens === 'same') model.take({ do: 'opens', how: 'same' });
    for (const each of steps) model.take(each);
    model.clerk.check(model.run);
    return model;
  }

  /** How often an approved call was sent, and how approvals ended. */
  get approved(): { readonly uses: number; readonly ends: ReadonlySet<string> } {
    return this.book;
  }

  /** What happened to the money of the life, and how its reviews went. */
  get seen(): { readonly paid: ReadonlySet<string>; readonly reviewed: ReadonlySet<string> } {
    return { paid: this.till.seen, reviewed: this.shelf.seen };
  }

  /** How many notices were passed on. */
  get noticed(): number {
    return this.post.count;
  }

  get reached(): ReadonlySet<string> {
    return this.witness.reached;
  }

  /** One step of the life, then all that is due. */
  take(each: Step): void {
    if (this.left === 'ended') return;
    if (this.post.isDue) this.apply({ type: 'passedOn' });
    switch (each.do) {
      case 'command':
        this.command(each.command);
        break;
      case 'attemptEnds': {
        const running = this.session.open.filter(isRunning);
        const { callId = 'nobody' } = running[each.pick % Math.max(1, running.length)] ?? {};
        this.ends(callId, each.outcome);
        break;
      }
      case 'opens':
        this.opens(each.how);
        break;
      case 'lease':
        this.hear(each.what, each.pick);
        break;
      case 'reopens':
        this.reopens(each.how);
        break;
      case 'resolves': {
        const call = this.session.open[each.pick % Math.max(1, this.session.open.length)];
        this.command({ type: 'resolve', by: this.by(), callId: call?.callId ?? 'nobody', as: each.as });
        break;
      }
      case 'decides':
        this.decides(each);
        break;
      case 'reviews':
        this.reviews(each);
        break;
      case 'responds': {
        const asking = this.session.open.filter(({ phase }) => phase === 'awaiting_input');
        const { callId = 'nobody' } = asking[each.pick % Math.max(1, asking.length)] ?? {};
        this.command({ type: 'respond', by: this.by(), callId, with: each.with });
        break;
      }
      case 'repeats':
        this.repeats(each.pick, each.otherArgs);
        break;
      case 'learns':
        if (each.fact.type === 'recovered') this.recovered(each.fact);
        else this.learn(each.fact);
        break;
      case 'cancels':
        this.learn({ type: 'cancelled', runId: `run-${this.run.runs}` });
        break;
      case 'turns':
        break;
      case 'grows':
        this.events = each.events;
        break;
      case 'passes':
        this.pass(each.ms);
        break;
      case 'wakes': {
        const next = nextInstant(this.session);
        if (next) this.pass(Math.max(0, next.at - this.now));
        this.apply({ type: 'timerFired' });
        break;
      }
      case 'goesOn':
        this.goesOn(each.as);
        break;
      default:
        each satisfies never;
    }
    this.work();
  }

  private goesOn(as: 'succeeded' | 'failed' | 'retry'): void {
    const { state, clock, open, resetAt } = this.session;
    if (resetAt !== null && !isEnded(state))
      return this.recovered({ type: 'recovered', from: 'run-1', actor: 'ann', reason: 'by mistake' });
    if (bindingOf(this.session, 's')?.phase === 'reopening') return this.reopens('same');
    if (this.run.opening !== null) return this.opens('same');
    if (state.name === 'PAUSED') {
      if (clock.graceUntil !== null) this.command({ type: 'extend', by: this.by(), ms: HOUR });
      const { short } = this.session.account ?? {};
      if (short) this.command({ type: 'topUp', by: this.by(), microUsd: short.missing });
      return this.command({ type: 'resume', by: this.by(), acceptChanges: true });
    }
    const doubtful = open.find(({ phase }) => phase === 'in_doubt');
    if (doubtful) return this.command({ type: 'resolve', by: this.by(), callId: doubtful.callId, as });
    const asking = open.find(({ phase }) => phase === 'awaiting_input');
    if (asking) return this.command({ type: 'respond', by: this.by(), callId: asking.callId, with: { sure: true } });
    const running = open.find(isRunning);
    const outcome = { kind: 'succeeded', result: textOf('done') } as const;
    if (running) return this.ends(running.callId, outcome);
    const { approvals } = this.session;
    const free = { pick: 0, by: null, verdict: 'passed' } as const;
    if (approvals.some(({ kind }) => kind === 'review')) this.reviews({ do: 'reviews', ...free });
    else if (approvals.length > 0)
      this.decides({ do: 'decides', pick: 0, by: null, how: 'approve', first: null, after: 0 });
  }

  /** A new run takes over what the last one had. */
  private recovered(fact: Fact): void {
    const { session, record, runs, chain, unsent } = this.run;
    this.clerk.newRun();
    this.post.newRun();
    this.run = deepFreeze(newRun({ session, record, runs: runs + 1, chain, unsent }, RUN));
    this.learn(fact);
  }

  /** What an opening brings that is under way. */
  private opens(how: 'same' | 'changed' | 'ruled' | 'fails'): void {
    if (this.run.opening === null) return;
    if (how === 'fails')
      return void this.learn({ type: 'openFailed', refusal: { code: 'SERVER_UNAVAILABLE', message: 'gone' } });
    if (how === 'ruled') this.rules = 3 - this.rules;
    const before = bindingOf(this.session, 's');
    const held = before?.phase === 'held' ? heldBy(before) : this.lease();
    this.learn(
      deepFreeze({
        type: 'opened',
        governance: this.governance,
        profileHash: 'profile-v1',
        ...(this.hasPrices ? { money: BOOK, notices: NOTICE_KINDS } : {}),
        ...(this.guards ? { policy: { hash: `rules-${this.rules}` } } : {}),
        servers: { s: how === 'changed' ? pinOf(['idempotent', 'irreversible'], how) : pinOf(EFFECTS, 'same') },
        ...(held ? { leases: { s: held } } : {}),
      }),
    );
  }

  /** A connection of a worker of its own. */
  private lease(): HeldLease | null {
    if (!this.holds) return null;
    const n = this.witness.leases.size + 1;
    const [lease, boot] = [`lease-${n}`, `holder-boot-${n}`];
    this.witness.leases.set(lease, boot);
    return { ...this.holds, lease, holder: { name: `holder-${n}`, boot, afterDrain: false } };
  }

  private reopens(how: 'same' | 'changed' | 'fails' | 'stateless'): void {
    if (!this.run.reopened.includes('s')) return;
    const refusal = { code: 'SERVER_UNAVAILABLE', message: 'gone' } as const;
    if (how === 'fails') return void this.learn({ type: 'reopenFailed', server: 's', refusal });
    const held = how === 'stateless' ? null : this.lease();
    const { holder, ...lease } = held ?? { holder: { name: 'w1', boot: 'b1', afterDrain: false } };
    const isChanged = how === 'changed';
    const pin = pinOf(isChanged ? ['idempotent', 'irreversible'] : EFFECTS, isChanged ? how : 'same');
    const reopened = { type: 'reopened', server: 's', pin, worker: holder } as const;
    this.learn(deepFreeze({ ...reopened, lease: 'lease' in lease ? lease : null }));
  }

  private hear(what: Extract<Step, { do: 'lease' }>['what'], which: number): void {
    const binding = bindingOf(this.session, 's');
    const lease = binding?.lease ?? 'none';
    if (what === 'forged') return void this.learn({ type: 'released', server: 's', lease: 'forged' });
    if (what === 'released') {
      this.learn({ type: 'released', server: 's', lease });
      if (binding) this.witness.givenUp.add(lease);
      return;
    }
    if (what === 'found') {
      if (this.session.state.name !== 'RESUMING') return;
      return void this.learn({ type: 'leaseLost', server: 's', lease, why: 'asked', holderGone: which % 2 === 0 });
    }
    const bound = this.session.open
      .filter(isRunning)
      .filter((call) => call.lease !== null && !restOf(call)?.continuation.held);
    const call = bound[which % Math.max(1, bound.length)];
    if (!call?.lease) return;
    const n = call.lease.split('-')[1];
    const worker = { name: `holder-${n}`, boot: `holder-boot-${n}`, afterDrain: false };
    const busy = { code: which % 2 === 0 ? 'WORKER_BUSY' : 'HELD_ELSEWHERE' } as const;
    const gone = {
      code: 'LEASE_LOST',
      leaseLost: true,
      ...(what === 'gone' ? { workerLost: true as const } : {}),
    } as const;
    const outcome = { kind: 'not_sent', message: what, worker, ...(what === 'busy' ? busy : gone) } as const;
    this.learn({ type: 'attemptEnded', callId: call.callId, outcome });
  }
}

const heldBy = ({ lease, slots, whenLost, worker, boot }: NonNullable<ReturnType<typeof bindingOf>>): HeldLease => ({
  lease,
  slots,
  whenLost,
  holder: { name: worker, boot, afterDrain: false },
});
