import { describe, expect, test } from 'vitest';
import type { ReviewCause } from '../../../protocol/reviews/reviews.ts';
import { layersAtWork } from '../../../session/money/layers.ts';
import { nextInstant } from '../../../session/time/instants.ts';
import { byOf, callOf, HOUR, lost, openedOf, type Patch, START, succeeded, World } from '../world.ts';
import { asked, complete, done, found } from './reviewing.ts';

const LONG: Patch = { session: { timeout: 200 * HOUR } };
const PERSON: Patch = { ...LONG, reviews: { extra: 'person' } };
const denied = { kind: 'denied', code: 'POLICY_DENIED', message: 'no' } as const;
const rollback = (world: World, to: string | null = null): World => world.do({ type: 'rollback', by: byOf(), to });
const restarted = (patch: Patch): World => World.running(patch).do(callOf('a')).ends('a', lost());
const again = (world: World, patch: Patch): World => world.pause().resume().do(openedOf(patch));

describe('P4: an extra review', () => {
  test.each<[ReviewCause, (patch: Patch) => World]>([
    ['restart', (patch) => World.running(patch).do(callOf('a', 'read-only')).ends('a', lost()).ends('a', succeeded())],
    ['rollback', (patch) => rollback(World.running(patch).do(callOf('a')).ends('a', succeeded()))],
    ['over-24h', (patch) => World.running(patch).later(24 * HOUR)],
    ['violations', (patch) => World.running(patch).do(callOf('a')).ends('a', denied)],
  ])('reviews.extra says who does it, of %s: rules at once, or persons', (cause, play) => {
    const byRules = play(LONG);
    expect(byRules.of('reviewDue')).toMatchObject([{ cause, how: 'rules' }]);
    expect(byRules.session.reviewsDone).toMatchObject([{ review: 'extra', causes: [cause], by: 'custody' }]);
    const byPersons = play(PERSON);
    expect(asked(byPersons)).toEqual(['a1 extra']);
    expect(byPersons.do(found('a1')).session.reviewsDone).toMatchObject([{ causes: [cause], by: 'bob' }]);
    const ifFound = play({ ...LONG, reviews: { extra: 'findings' } });
    expect(asked(ifFound)).toEqual(cause === 'rollback' || cause === 'violations' ? ['a1 extra'] : []);
  });

  test('by rules waits until no call is in doubt; where persons look at what they find, that is one', () => {
    const world = restarted(LONG);
    expect(done(world)).toEqual([]);
    expect(again(world, LONG).state.name).toBe('AUDIT');
    world.do({ type: 'resolve', by: byOf(), callId: 'a', as: 'failed' });
    expect([world.state.name, done(world)]).toEqual(['RUNNING', ['extra custody passed']]);
    const asks = restarted({ ...LONG, reviews: { extra: 'findings' } });
    expect(asks.session.approvals).toMatchObject([
      { subject: { findings: [{ rule: 'execution/nothing-in-doubt', text: '1 call in doubt' }] } },
    ]);
  });

  test('after a restart, a rollback or a violation is done before work goes on, and before the end', () => {
    const world = again(World.running(PERSON).do(callOf('a')).ends('a', denied), PERSON).do(callOf('b'));
    expect(world.state).toEqual({ name: 'AUDIT', then: { name: 'RUNNING' } });
    expect(world.open('b')?.phase).toBe('queued');
    expect(world.do(found('a1')).open('b')?.phase).toBe('running');
    const ends = complete(World.running(PERSON).do(callOf('a')).ends('a', denied));
    expect(ends.state.name).toBe('AUDIT');
    expect(ends.do(found('a1')).state.name).toBe('COMPLETED');
  });

  test('over 24 h comes at hour 24 and stops nothing: the session works on, and is reviewed before its end', () => {
    const world = World.running(PERSON);
    expect(nextInstant(world.session)).toEqual({ at: START + 24 * HOUR, what: 'review after 24 h' });
    expect(asked(world.later(24 * HOUR - 1))).toEqual([]);
    expect(asked(world.later(1))).toEqual(['a1 extra']);
    world.do(callOf('a')).ends('a', succeeded());
    expect(again(world, PERSON).state.name).toBe('RUNNING');
    expect(complete(world).state.name).toBe('AUDIT');
    expect(world.do(found('a1')).state.name).toBe('COMPLETED');
    expect(world.of('reviewDue')).toHaveLength(1);
  });

  test('is one at a time: what comes while persons look is asked anew with the rest, under a new id', () => {
    const world = World.running(PERSON)
      .do(callOf('a'))
      .ends('a', denied)
      .later(24 * HOUR);
    expect(asked(world)).toEqual(['a2 extra']);
    expect(world.of('approvalEnded')).toMatchObject([{ as: 'void', reason: 'there is more to review (over-24h)' }]);
    expect(world.session.approvals[0]?.subject).toMatchObject({ causes: ['violations', 'over-24h'] });
    expect(world.refuse(found('a1'))).toBe('APPROVAL_ENDED');
  });

  test('of violations comes at the first, and once more before the end for all after it', () => {
    const world = World.running(LONG);
    for (const id of ['a', 'b', 'c']) world.do(callOf(id)).ends(id, denied);
    expect(done(world)).toEqual(['extra custody findings']);
    expect(complete(world).of('reviewDue')).toHaveLength(2);
    expect(world.session.reviewsDone.at(-1)?.findings).toContainEqual({
      rule: 'compliance/nothing-denied',
      text: '3 calls denied by rules',
    });
  });

  test('is due without complianceCheck as well; of restarts only where onRestart.compliance wants it', () => {
    const world = complete(restarted({ session: { complianceCheck: false } }));
    expect([world.state.name, done(world)]).toEqual(['COMPLETED', ['extra custody findings']]);
    expect(restarted({ onRestart: { compliance: false } }).of('reviewDue')).toEqual([]);
  });

  test('C1: costs as long as it is open', () => {
    const world = World.running(PERSON).later(24 * HOUR);
    expect(layersAtWork(world.session)).toContain('compliance');
    expect(layersAtWork(world.do(found('a1')).session)).not.toContain('compliance');
  });
});

describe('P4: an objection in an extra review', () => {
  const objects = (world: World): World => world.do(found('a1', 'bob', 'objection'));
  const paused = { name: 'PAUSED', cause: 'review', reason: 'bob objects in the review a1: looked at it' };

  test('stops a session that runs, until somebody resumes it', () => {
    const world = objects(World.running(PERSON).later(24 * HOUR));
    expect(world.state).toMatchObject(paused);
    expect(world.resume().do(openedOf(PERSON)).state.name).toBe('RUNNING');
  });

  test('stops one that is reviewed before it goes on, and no call starts', () => {
    const world = again(World.running(PERSON).do(callOf('a')).ends('a', denied), PERSON).do(callOf('b'));
    expect(objects(world).state).toMatchObject(paused);
    expect(
      world
        .of('moved')
        .slice(-2)
        .map(({ from, to }) => `${from} ${to.name}`),
    ).toEqual(['AUDIT RUNNING', 'RUNNING PAUSED']);
    expect(world.open('b')?.phase).toBe('queued');
  });

  test('keeps one that waits for its extension from going on by itself', () => {
    const patch: Patch = { session: { timeout: 2 * HOUR, autoResume: true }, reviews: { extra: 'person' } };
    const world = World.running(patch)
      .do(callOf('a'))
      .ends('a', denied)
      .later(2 * HOUR);
    expect(objects(world).state).toMatchObject(paused);
    expect(world.do({ type: 'extend', by: byOf(), ms: HOUR }).state.name).toBe('PAUSED');
  });
});
