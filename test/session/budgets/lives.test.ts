import assert from 'node:assert/strict';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Advanced, Input } from '../../../session/advance.ts';
import type { Effect } from '../../../session/effects.ts';
import type { Fact } from '../../../session/facts.ts';
import { draw } from '../../../session/pot/draw.ts';
import { newPot } from '../../../session/pot/pot.ts';
import { viewOf } from '../../../session/pot/view.ts';
import { nextInstant } from '../../../session/time/instants.ts';
import { paying } from '../model/money/paying.ts';
import { Model } from '../model/model.ts';
import { deepFreeze } from '../model/runner.ts';
import { HOUR, inputOf, START } from '../world.ts';

type Draws = Extract<Effect, { type: 'draw' }>;

/** A life that draws on two budgets, which answer after each turn, or do not. */
class Sharing extends Model {
  readonly met = new Set<string>();
  private readonly words: Draws[] = [];
  private readonly pots = Object.fromEntries(
    ['small', 'large'].map((id, index) => {
      const period = { key: 'now', from: START, until: index === 0 ? null : START + 9 * HOUR };
      return [id, newPot(id, { limit: index === 0 ? 900_000 : 9_000_000, per: 'total' }, period)];
    }),
  );

  protected override learn(fact: Fact): Advanced {
    if (fact.type !== 'opened' || !fact.money) return super.learn(fact);
    const budgets = Object.keys(this.pots).map((id) => ({ id, slice: 100_000 }));
    return super.learn({ ...fact, budgets });
  }

  protected override apply(input: Input): Advanced {
    const advanced = super.apply(input);
    for (const effect of advanced.effects) if (effect.type === 'draw') this.words.push(effect);
    return advanced;
  }

  protected override work(): void {
    super.work();
    for (let rounds = 0, next = this.words.shift(); next; next = this.words.shift(), rounds += 1) {
      expect(rounds, 'a session asks without end').toBeLessThan(100);
      this.apply(inputOf(deepFreeze(this.answerTo(next))));
      super.work();
    }
  }

  /** While a budget is asked its answer wakes the session, whatever is due. */
  protected override sleeps(): void {
    if (this.session.budgets.every(({ asking }) => asking === null)) return super.sleeps();
    const next = nextInstant(this.session);
    assert.ok(!next || next.at > this.now, `the next instant (${next?.what}) has passed: a timer would fire for ever`);
  }

  private answerTo({ budget, draw: given }: Draws): Fact {
    if (!given.ends && given.n % 7 === 5) {
      this.met.add('fails');
      return { type: 'drawFailed', budget, n: given.n, refusal: { code: 'INTERNAL_ERROR', message: 'gone' } };
    }
    const { pot, answer } = draw(this.pots[budget]!, { session: 'session-1', ...given, now: null }, this.now);
    this.pots[budget] = pot;
    this.met.add(given.ends ? 'ends' : given.want === 0 ? 'gives back' : answer.ok ? 'granted' : 'refused');
    const { limit, spent, leased, free, overrun } = viewOf(pot);
    expect(spent + leased + free).toBe(limit + overrun);
    return { type: 'drawn', budget, answer };
  }
}

test('C1, C2, T1: whatever happens to a session that shares budgets, it neither hangs nor asks for ever', () => {
  const met = new Set<string>();
  fc.assert(
    fc.property(paying, (life) => {
      const model = new Sharing(life.spec, life.governance);
      Model.live(life, model); // throws where a rule is broken
      for (const what of model.met) met.add(what);
    }),
    { numRuns: 80, endOnFailure: true },
  );
  expect([...met].sort()).toEqual(['ends', 'fails', 'gives back', 'granted', 'refused']);
}, 400_000);
