import assert from 'node:assert/strict';
import { noticeKindOf } from '../../../../protocol/notices/kinds.ts';
import type { Advanced, Input } from '../../../../session/advance.ts';

/** Keeps the books of the notices of a life: each that is wanted is passed on, in order, after it stands on record. */
export class Post {
  private readonly wanted = new Set<number>();
  private readonly passed = new Set<number>();
  private underWay: readonly number[] = [];
  private isLate = false;

  /** Who takes notices on takes its time: at every other look it has them. */
  get isDue(): boolean {
    if (this.underWay.length === 0) return false;
    this.isLate = !this.isLate;
    return !this.isLate;
  }

  get isUnderWay(): boolean {
    return this.underWay.length > 0;
  }

  get count(): number {
    return this.passed.size;
  }

  sees(input: Input, { run, effects }: Advanced): void {
    if (input.type === 'passedOn') {
      for (const n of this.underWay) this.passed.add(n);
      this.underWay = [];
    }
    for (const effect of effects) {
      if (effect.type === 'write' && run.session.notices)
        for (const record of effect.records) if (noticeKindOf(record)) this.wanted.add(record.n);
      if (effect.type === 'notify') this.begins(effect.notices.map(({ n }) => n));
      if (effect.type === 'leave' && effect.how === 'ended')
        assert.deepEqual([...this.passed], [...this.wanted], 'a session ended before its notices were passed on');
    }
  }

  private begins(numbers: readonly number[]): void {
    assert.ok(numbers.length > 0, 'nothing is passed on');
    assert.deepEqual(this.underWay, [], 'notices are passed on while others are');
    const left = [...this.wanted].filter((n) => !this.passed.has(n));
    assert.deepEqual(numbers, left.slice(0, numbers.length), 'notices are not passed on in order, or not on record');
    this.underWay = numbers;
  }

  /** What is under way in a run that makes place for another may have arrived or not. */
  newRun(): void {
    this.underWay = [];
  }
}
