import { expect, test } from 'vitest';
import { recordOf } from '../../../session/records/records.ts';
import { viewOf } from '../../../session/view/view.ts';
import { nextInstant } from '../../../session/time/instants.ts';
import { byOf, callOf, HOUR, lost, openedOf, World } from '../world.ts';
import { oldOpened, oldWorld } from './older.ts';
import { asked, complete, done, found } from './reviewing.ts';

const PATCH = { session: { timeout: 200 * HOUR } };
const old = (): World => oldWorld(PATCH);
const kinds = (world: World): (string | undefined)[] => world.events.map((event) => recordOf(event)?.kind);

test('P4: a session that opened before there were reviews has the check that it had, and nothing else', () => {
  const world = old()
    .do(callOf('a', 'read-only'))
    .ends('a', lost())
    .later(30 * HOUR);
  expect(world.session.duties).toMatchObject([{ kind: 'restart' }]);
  expect(nextInstant(world.session)?.what).toBe('warning before the deadline');
  expect(complete(world.ends('a', { kind: 'succeeded', result: { content: [] } })).state.name).toBe('COMPLETED');
  expect(kinds(world)).toEqual(expect.arrayContaining(['check-due', 'checked']));
  expect(kinds(world).filter((kind) => kind?.startsWith('review'))).toEqual([]);
  expect(viewOf(world.session, 1, world.now).reviews).toBeNull();
  expect(world.refusalOf(found('a1'))).toBe('SESSION_ENDED');
  expect(old().refusalOf(found('a1'))).toBe('APPROVAL_NOT_FOUND');
});

test('P4: over 24 h it is checked where it is resumed', () => {
  const world = old()
    .later(24 * HOUR)
    .pause()
    .resume()
    .do(oldOpened(PATCH));
  expect(
    world
      .of('moved')
      .slice(-2)
      .map(({ from, to }) => `${from} ${to.name}`),
  ).toEqual(['RESUMING AUDIT', 'AUDIT RUNNING']);
  expect(world.of('checked')).toMatchObject([{ over24h: true }]);
});

test('P4: it has reviews once somebody accepts its profile anew; what was due stays due', () => {
  const world = old().do({ type: 'recovered', from: 'run-1', actor: 'ann', reason: 'x' });
  const patch = { ...PATCH, reviews: { extra: 'person' as const } };
  world.do({ type: 'resume', by: byOf(), acceptChanges: true });
  world.do({ ...openedOf(patch), profileHash: 'other' } as never);
  expect([world.state.name, world.session.duties, asked(world)]).toEqual(['AUDIT', [], ['a1 extra']]);
  expect(world.do(found('a1')).state.name).toBe('RUNNING');
  expect(done(complete(world))).toHaveLength(4);
});
