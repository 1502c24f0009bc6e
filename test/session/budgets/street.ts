import assert from 'node:assert/strict';
import type { Drawn, DrawRequest, Period } from '../../../protocol/money/budgets.ts';
import { isRunning } from '../../../session/calls/state.ts';
import { isEnded } from '../../../session/lifecycle/states.ts';
import { change } from '../../../session/pot/change.ts';
import { draw } from '../../../session/pot/draw.ts';
import { newPot, type Pot } from '../../../session/pot/pot.ts';
import { viewOf } from '../../../session/pot/view.ts';
import { FREE } from '../money/priced.ts';
import { byOf, callOf, HOUR, openedOf, START, succeeded, World } from '../world.ts';

export const LIMIT = 1_000_000;
/** Of a call: its timeout is a minute. */
export const MOST = 20_000 + 60 * 2000;
const RULES = { cost: FREE, session: { timeout: 2000 * HOUR, complianceCheck: false } };
const PRICES = { 's.*': { call: 20_000, second: 2000 } };
const DAY = 24 * HOUR;

const periodAt = (at: number): Period => {
  const n = Math.floor((at - START) / DAY);
  return { key: `day-${n}`, from: START + n * DAY, until: START + (n + 1) * DAY };
};

interface Call {
  readonly session: number;
  readonly callId: string;
  readonly day: string;
  /** What it costs at most, then what it cost. */
  cost: number;
}

/**
 * Several sessions and the pot that they share, with what lies between them: words that get lost, come twice or come
 * late, sessions that are killed, and a pot that begins again from its last state. Keeps books of its own.
 */
export class Street {
  pot: Pot = newPot('daily', { limit: LIMIT, per: 'day', timeZone: 'UTC' }, periodAt(START));
  now = START;
  readonly worlds: (World | null)[];
  readonly limits = new Map<string, number>();
  private readonly calls = new Map<string, Call>();
  private readonly seen: number[];
  /** What each session has asked and has no answer to. */
  readonly asked: (DrawRequest | undefined)[];
  private readonly all: DrawRequest[] = [];
  private n = 0;

  constructor(sessions: number, slice: number) {
    const money = { hash: 'book', calls: PRICES, models: {} };
    const opened = openedOf(RULES);
    const budgets = [{ id: 'daily', slice }];
    this.worlds = Array.from({ length: sessions }, () =>
      new World().do({ ...opened, money, budgets } as typeof opened),
    );
    this.seen = this.worlds.map(() => 0);
    this.asked = this.worlds.map(() => undefined);
    for (const index of this.worlds.keys()) this.look(index);
  }

  call(index: number): void {
    this.with(index, (world) => {
      if (world.state.name === 'RUNNING' || world.state.name === 'PAUSED')
        world.do(callOf(`c${(this.n += 1)}`, 'irreversible', { n: this.n }));
    });
  }

  /** The oldest call under way ends after some time, or nobody knows how. */
  ends(index: number, ms: number | null): void {
    this.with(index, (world) => {
      const call = world.session.open.find(isRunning);
      if (!call) return;
      if (ms === null)
        return void world.ends(call.callId, { kind: 'unknown', code: 'CONNECTION_LOST', message: 'gone' });
      this.calls.get(`${index}/${call.callId}`)!.cost = 20_000 + Math.ceil((2000 * ms) / 1000);
      world.ends(call.callId, { ...succeeded(), ms });
    });
  }

  steer(index: number, how: 'pause' | 'resume' | 'complete'): void {
    this.with(index, (world) => {
      const { name } = world.state;
      if (how === 'pause' && name === 'RUNNING') world.pause();
      if (how === 'resume' && name === 'PAUSED') {
        world.resume();
        world.do(openedOf(RULES));
      }
      if (how === 'complete' && (name === 'RUNNING' || name === 'PAUSED')) world.do({ type: 'complete', by: byOf() });
    });
  }

  /** The budget hears it; the session hears the answer, or that there was none. */
  answer(index: number, how: 'answered' | 'lost' | 'unheard'): void {
    const request = this.asked[index];
    if (!request) return;
    const answer = how === 'unheard' ? undefined : this.hear(request);
    this.asked[index] = undefined;
    this.with(index, (world) => {
      const refusal = { code: 'INTERNAL_ERROR', message: 'no answer' } as const;
      if (how === 'answered') world.do({ type: 'drawn', budget: 'daily', answer: answer! });
      else world.do({ type: 'drawFailed', budget: 'daily', n: request.n, refusal });
    });
  }

  /** An activity is tried again, or its word comes late. */
  repeat(which: number): void {
    const request = this.all[which % Math.max(1, this.all.length)];
    if (request) this.hear(request);
  }

  /** Terminated in Temporal: what it has stays taken, until a person frees it. */
  kill(index: number): void {
    this.worlds[index] = null;
    this.asked[index] = undefined;
  }

  setLimit(more: number): void {
    const limit = viewOf(this.pot).limit + more;
    const changed = change(this.pot, { actor: 'ann', reason: 'more', limit }, this.now);
    assert.ok(changed.ok);
    this.pot = changed.pot;
    this.limits.set(this.pot.period.key, limit);
  }

  /** The workflow of the budget ends and begins again, from what the last run knew. */
  restart(): void {
    this.pot = JSON.parse(JSON.stringify(this.pot)) as Pot;
  }

  pass(ms: number): void {
    this.now += ms;
    for (const index of this.worlds.keys()) this.with(index, (world) => void world.later(0));
  }

  /** All that live end, and every word is answered. */
  close(): void {
    for (const index of this.worlds.keys()) {
      for (let round = 0; round < 200; round += 1) {
        const world = this.worlds[index];
        if (!world) break;
        if (this.asked[index]) this.answer(index, 'answered');
        else if (world.session.open.some(isRunning)) this.ends(index, 1000);
        else if (world.state.name === 'AUDIT') this.resolveAll(index);
        else if (isEnded(world.state)) break;
        else this.steer(index, 'complete');
      }
      const world = this.worlds[index];
      if (world) assert.ok(world.session.budgets[0]!.isSettled, 'a session ended and has not settled');
    }
  }

  private resolveAll(index: number): void {
    this.with(index, (world) => {
      for (const { callId, phase } of world.session.open)
        if (phase === 'in_doubt') world.do({ type: 'resolve', by: byOf(), callId, as: 'succeeded' });
    });
  }

  /** By its own books: what calls of a day cost, or may cost yet. */
  costOf(day: string): number {
    let sum = 0;
    for (const call of this.calls.values()) if (call.day === day) sum += call.cost;
    return sum;
  }

  costOfKilled(): number {
    let sum = 0;
    for (const call of this.calls.values()) if (this.worlds[call.session] === null) sum += call.cost;
    return sum;
  }

  costOfSession(index: number): number {
    let sum = 0;
    for (const call of this.calls.values()) if (call.session === index) sum += call.cost;
    return sum;
  }

  private with(index: number, work: (world: World) => void): void {
    const world = this.worlds[index];
    if (!world) return;
    world.now = this.now;
    work(world);
    this.look(index);
  }

  /** What the session wants done. */
  private look(index: number): void {
    const world = this.worlds[index]!;
    for (const effect of world.effects.slice(this.seen[index])) {
      if (effect.type === 'attempt') {
        const { callId } = effect.intent;
        this.calls.set(`${index}/${callId}`, { session: index, callId, day: periodAt(this.now).key, cost: MOST });
      }
      if (effect.type !== 'draw') continue;
      assert.equal(this.asked[index], undefined, 'a budget is asked twice at once');
      const { terms } = this.pot;
      const request = { session: `s${index}`, ...effect.draw, now: { terms, period: periodAt(effect.at) } };
      this.asked[index] = request;
      this.all.push(request);
    }
    this.seen[index] = world.effects.length;
  }

  private hear(request: DrawRequest): Drawn {
    const { pot, answer } = draw(this.pot, request, this.now);
    this.pot = pot;
    return answer;
  }

  /** What must hold at every instant. */
  check(): void {
    const { limit, spent, leased, free, overrun, period } = viewOf(this.pot);
    assert.equal(spent + leased + free, limit + overrun, 'money is lost in the pot');
    assert.equal(overrun, 0, 'the pot is overdrawn');
    for (const day of new Set([...this.calls.values()].map((call) => call.day)))
      assert.ok(this.costOf(day) <= (this.limits.get(day) ?? LIMIT), `${day} is overspent`);
    const today = this.costOf(period.key);
    assert.ok(today <= spent + leased, 'the pot knows of less than was spent');
  }
}
