import { describe, expect, test } from 'vitest';
import { NOTICE_KINDS, type NoticeKind } from '../../../protocol/notices/kinds.ts';
import type { Notice } from '../../../protocol/notices/notice.ts';
import type { Fact } from '../../../session/facts.ts';
import { toCarry } from '../../../session/capacity/carried.ts';
import { newRun } from '../../../session/run.ts';
import { byOf, HOUR, openedOf, type Patch, World } from '../world.ts';

/** A session that runs, whose notices of these kinds somebody wants. */
const wanted = (notices: readonly NoticeKind[] = NOTICE_KINDS, patch: Patch = {}): World =>
  new World().do({ ...openedOf(patch), notices } as Fact);

const passedIn = ({ effects }: World): (readonly Notice[])[] =>
  effects.flatMap((each) => (each.type === 'notify' ? [each.notices] : []));

/** Who delivers them has them. */
const told = (world: World): World => {
  world.take({ type: 'passedOn' });
  return world.work();
};

describe('C3: what of a session is a notice', () => {
  test('a record of kind notify is passed on once, with its number, after it stands on record', () => {
    const world = wanted().later(23.5 * HOUR);
    const [notices = []] = passedIn(world);
    expect(notices).toMatchObject([{ kind: 'notify', layer: 'session', at: world.now }]);
    const written = world.effects.findIndex(
      (each) => each.type === 'write' && each.records.some(({ n }) => n === notices[0]?.n),
    );
    expect(written).toBeGreaterThanOrEqual(0);
    expect(world.effects.findIndex(({ type }) => type === 'notify')).toBeGreaterThan(written);
    told(world).later(1);
    expect(passedIn(world)).toHaveLength(1);
  });

  test('what is asked of persons is one, and so is each end', () => {
    const world = wanted(NOTICE_KINDS, { approvals: { extend: 1 } });
    world.do({ type: 'extend', by: byOf(), ms: HOUR });
    told(world).do({ type: 'complete', by: byOf() });
    expect(passedIn(world).map((notices) => notices.map(({ kind }) => kind))).toEqual([
      ['approval-asked'],
      ['transition'],
    ]);
    expect(passedIn(world)[1]).toMatchObject([{ data: { to: 'COMPLETED' } }]);
  });

  test('a session that cannot begin ends, and says so', () => {
    const refusal = { code: 'SERVER_UNAVAILABLE', message: 'gone' } as const;
    const world = new World().do({ type: 'openFailed', refusal, notices: ['ended'] });
    expect(passedIn(world)).toMatchObject([[{ kind: 'transition', data: { to: 'FAILED' } }]]);
  });

  test('kinds that nobody wants are none, and where nobody wants any there is no effect', () => {
    for (const world of [wanted(['ended']), wanted([]), new World().do(openedOf())])
      expect(passedIn(world.later(23.5 * HOUR))).toEqual([]);
  });
});

describe('C3: a session takes up at a resume', () => {
  const resumedWith = (world: World, notices: readonly NoticeKind[]): World =>
    world
      .pause()
      .resume()
      .do({ ...openedOf(), notices } as Fact);

  test('what is wanted then, or that nobody wants any more', () => {
    const world = resumedWith(new World().do(openedOf()), ['ended']);
    expect(world.session.notices).toEqual(['ended']);
    expect(resumedWith(world, ['ended']).of('noticesPinned')).toHaveLength(1);
    expect(resumedWith(world, []).session.notices).toBeNull();
  });
});

describe('C3: notices go in order, and none is lost', () => {
  test('one word at a time: what comes meanwhile goes with the next', () => {
    const world = wanted(NOTICE_KINDS, { approvals: { extend: 1 } });
    for (const _ of [1, 2, 3]) world.do({ type: 'extend', by: byOf(), ms: HOUR });
    expect(passedIn(world)).toHaveLength(1);
    told(world);
    const numbers = passedIn(world).map((notices) => notices.map(({ n }) => n));
    expect(numbers).toHaveLength(2);
    expect(numbers[1]).toHaveLength(2);
    expect(numbers.flat()).toEqual(numbers.flat().toSorted((a, b) => a - b));
  });

  test('a session does not end before its notices are passed on', () => {
    const world = wanted().do({ type: 'complete', by: byOf() });
    world.take({ type: 'closingOver' });
    world.work();
    expect(world.effects.map(({ type }) => type)).not.toContain('leave');
    expect(told(world).effects.at(-1)).toEqual({ type: 'leave', how: 'ended' });
  });

  test('a run makes place for the next at once, which passes on what is not known to be', () => {
    const world = wanted(NOTICE_KINDS, { approvals: { extend: 1 } });
    world.do({ type: 'extend', by: byOf(), ms: HOUR }).work({ events: 5000 });
    expect(world.effects.at(-1)).toEqual({ type: 'leave', how: 'continue' });
    const [before] = passedIn(world);
    const next = new World();
    next.run = newRun(toCarry(world.run), next.run.limits);
    expect(passedIn(next.work())).toEqual([before]);
  });

  test('a state of before there were notices carries none, and none is carried where none waits', () => {
    expect(toCarry(wanted().run)).not.toHaveProperty('unsent');
    expect(newRun({ ...toCarry(new World().run) }, new World().run.limits).unsent).toEqual([]);
  });

  test('a notice of a session that was reset has an id of its own', () => {
    const world = wanted().do({ type: 'reset' });
    world.do({ type: 'cancel', by: byOf() });
    expect(passedIn(world).flat()).toMatchObject([{ resetAt: world.session.resetAt }]);
  });
});
