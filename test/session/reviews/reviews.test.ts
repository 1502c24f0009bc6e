import { describe, expect, test } from 'vitest';
import { nextInstant } from '../../../session/time/instants.ts';
import { viewOf } from '../../../session/view/view.ts';
import { detailsOf } from '../../../session/view/details.ts';
import { notes } from '../observed.ts';
import { byOf, callOf, HOUR, type Patch, START, succeeded, World } from '../world.ts';
import { asked, complete, done, found, records } from './reviewing.ts';

const BY_PERSON: Patch = { reviews: { compliance: 'person' } };

describe('P4: before a session ends', () => {
  test('rules do its three reviews by themselves, and it stands on record which looked', () => {
    const world = complete(World.running());
    expect(world.state).toEqual({ name: 'COMPLETED', reason: 'all done' });
    expect(done(world)).toEqual(['session custody passed', 'execution custody passed', 'compliance custody passed']);
    expect(records(world)[0]).toEqual({
      layer: 'compliance',
      kind: 'reviewed',
      data: {
        review: 'session',
        causes: [],
        verdict: 'passed',
        rules: ['session/ended-as-asked', 'session/deadline-kept', 'session/not-reset'],
        findings: [],
      },
      by: 'custody',
    });
  });

  test('what rules find stands on record, and does not hold it', () => {
    const world = World.running().do({ type: 'cancel', by: byOf('enough', 'bob') });
    expect(world.state.name).toBe('FAILED');
    expect(world.session.reviewsDone[0]).toMatchObject({
      verdict: 'findings',
      findings: [
        { rule: 'session/ended-as-asked', text: 'it ends as FAILED (SESSION_CANCELLED): cancelled by bob: enough' },
      ],
    });
  });

  test('without complianceCheck it has none', () => {
    const world = complete(World.running({ session: { complianceCheck: false } }));
    expect([world.state.name, done(world)]).toEqual(['COMPLETED', []]);
  });

  test.each(['session', 'execution', 'compliance'] as const)('reviews.%s says who does it', (name) => {
    const by = (mode: 'rules' | 'findings' | 'person', ending: 'complete' | 'cancel' = 'complete') =>
      asked(World.running({ reviews: { [name]: mode } }).do({ type: ending, by: byOf() }));
    expect(by('rules')).toEqual([]);
    expect(by('findings')).toEqual([]);
    expect(by('findings', 'cancel')).toEqual(name === 'session' ? ['a1 session'] : []);
    expect(by('person')).toEqual([`a1 ${name}`]);
  });

  test('it waits in AUDIT for a person, and says so; nothing passes by itself', () => {
    const world = complete(World.running(BY_PERSON)).later(23 * HOUR);
    expect(world.state.name).toBe('AUDIT');
    expect(viewOf(world.session, 1, world.now)).toMatchObject({
      approvals: [],
      reviews: { open: [{ id: 'a1', review: 'compliance', persons: 1, isOverdue: false, votes: [] }] },
    });
    expect(detailsOf(world.session)).toContain('waits for the **compliance review** a1');
    expect(world.later(100 * HOUR).state.name).toBe('AUDIT');
    expect(world.do(found('a1')).state).toMatchObject({ name: 'COMPLETED' });
    expect(done(world).at(-1)).toBe('compliance bob passed');
    expect(records(world).at(-1)).toMatchObject({
      kind: 'reviewed',
      by: 'bob',
      data: { approval: 'a1', verdict: 'passed', finding: 'looked at it', votes: 1, persons: 1 },
    });
  });

  test('reviews.due says how long persons have: then it is late, once on record, and stays to be done', () => {
    const world = complete(World.running({ reviews: { compliance: 'person', due: HOUR } }));
    expect(nextInstant(world.session)).toEqual({ at: START + HOUR, what: 'review a1 is late' });
    world.later(HOUR);
    expect(notes(world, 'notify')).toBe(1);
    expect(viewOf(world.session, 1, world.now).reviews?.open).toMatchObject([{ id: 'a1', isOverdue: true }]);
    expect(nextInstant(world.session)?.what).toBe('review after 24 h');
    world.later(HOUR);
    expect(notes(world, 'notify')).toBe(1);
    expect(world.do(found('a1')).state.name).toBe('COMPLETED');
  });

  test('reviews.persons says how many look; each is another', () => {
    const world = complete(World.running({ reviews: { compliance: 'person', persons: 2 } })).do(found('a1'));
    expect(world.state.name).toBe('AUDIT');
    expect(world.refuse(found('a1'))).toBe('APPROVAL_TWICE');
    expect(world.do(found('a1', 'cid')).state.name).toBe('COMPLETED');
    expect(world.session.reviewsDone.at(-1)?.said.map(({ actor }) => actor)).toEqual(['bob', 'cid']);
  });

  test('cancel and the deadline wait for it as well', () => {
    const cancelled = complete(World.running(BY_PERSON)).do({ type: 'cancel', by: byOf() });
    expect(cancelled.state).toMatchObject({ name: 'AUDIT', then: { name: 'FAILED' } });
    expect(asked(cancelled)).toEqual(['a1 compliance']);
    expect(cancelled.do(found('a1')).state.name).toBe('FAILED');
    const late = World.running(BY_PERSON)
      .later(24 * HOUR)
      .later(HOUR);
    expect(late.state).toMatchObject({ name: 'AUDIT', then: { name: 'TIMEOUT' } });
    expect(late.do(found('a1')).state.name).toBe('TIMEOUT');
  });
});

describe('P4: an objection', () => {
  test('does not keep a session from its end, and stands beside it', () => {
    const world = complete(World.running(BY_PERSON)).do(found('a1', 'bob', 'objection'));
    expect(world.state.name).toBe('COMPLETED');
    expect(world.of('moved').at(-1)?.reason).toBe('all done (every call has its outcome; with 1 objection in reviews)');
    expect(viewOf(world.session, 1, world.now).reviews).toMatchObject({ objections: 1, open: [] });
    expect(done(world).at(-1)).toBe('compliance bob objection');
  });

  test('ends the review, whoever else was to look', () => {
    const world = complete(World.running({ reviews: { compliance: 'person', persons: 3 } }));
    expect(world.do(found('a1', 'bob', 'objection')).state.name).toBe('COMPLETED');
  });
});

describe('P4: nobody reviews what they did', () => {
  const waits = (world = World.running(BY_PERSON)): World => complete(world.do(callOf('a')).ends('a', succeeded()));

  test('not who called tools, resolved a call in doubt, or acted as its agent', () => {
    expect(waits().refuse(found('a1', 'agent'))).toBe('APPROVAL_OWN');
    const attached = World.running(BY_PERSON).do({ type: 'attach', by: byOf('', 'helper') });
    expect(waits(attached).refuse(found('a1', 'helper'))).toBe('APPROVAL_OWN');
    const doubtful = World.running(BY_PERSON)
      .do(callOf('b'))
      .ends('b', { kind: 'unknown', code: 'CONNECTION_LOST', message: 'gone' })
      .do({ type: 'resolve', by: byOf('saw it', 'cid'), callId: 'b', as: 'succeeded' });
    expect(waits(doubtful).refuse(found('a1', 'cid'))).toBe('APPROVAL_OWN');
  });

  test('not who started it, under no name that is proven to be theirs', () => {
    const roles = ['auditor'] as const;
    const proven = { person: 'Ann', roles, key: 'k', list: 'l' };
    const world = World.running(BY_PERSON);
    world.session = { ...world.session, startedBy: { actor: 'ann', reason: '', proven } };
    complete(world);
    expect(world.refuse(found('a1', 'ann'))).toBe('APPROVAL_OWN');
    const alias = found('a1', 'annie');
    expect(world.refuse({ ...alias, by: { ...alias.by, proven } })).toBe('APPROVAL_OWN');
    expect(world.do(found('a1', 'ben')).state.name).toBe('COMPLETED');
  });

  test('who paused and resumed it may', () => {
    const world = World.running(BY_PERSON);
    world.do({ type: 'extend', by: byOf('', 'bob'), ms: HOUR });
    expect(waits(world).do(found('a1')).state.name).toBe('COMPLETED');
  });
});

test('P4: half a character in a reason keeps nobody from being asked', () => {
  const world = World.running({ reviews: { session: 'person' }, approvals: { extend: 1 } });
  world.do({ type: 'extend', by: byOf('more \ud800'), ms: HOUR });
  world.do({ type: 'cancel', by: byOf(`${'x'.repeat(280)}😀😀`) });
  expect(asked(world)).toEqual(['a2 session']);
});

test('P4: a review is no approval, nor the other way round', () => {
  const world = complete(World.running({ reviews: { compliance: 'person' } }));
  const [{ digest } = { digest: '' }] = world.session.approvals;
  expect(world.refuse({ type: 'approve', by: byOf('', 'bob'), approval: 'a1', digest })).toBe('APPROVAL_NOT_FOUND');
  expect(world.refuse({ type: 'reject', by: byOf('', 'bob'), approval: 'a1' })).toBe('APPROVAL_NOT_FOUND');
  const extends_ = World.running({ approvals: { extend: 1 } }).do({ type: 'extend', by: byOf(), ms: HOUR });
  expect(extends_.refuse(found('a1'))).toBe('APPROVAL_NOT_FOUND');
});
