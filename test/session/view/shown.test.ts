import { expect, test } from 'vitest';
import { labelsOf } from '../../../session/view/labels.ts';
import { shownOf } from '../../../session/view/shown.ts';
import { byOf, callOf, HOUR, specOf, unknown, World } from '../world.ts';

const pendingIn = ({ session }: World) => shownOf(session).pending;

test('U2: what a session waits for is named by the commands that help', () => {
  const world = World.running();
  expect(pendingIn(world)).toEqual([]);
  expect(pendingIn(world.pause())).toEqual(['resume']);
  const doubtful = World.running().do(callOf('c1'));
  doubtful.do({ type: 'attemptEnded', callId: 'c1', outcome: unknown() });
  expect(pendingIn(doubtful)).toEqual(['resolve']);
  expect(pendingIn(doubtful.pause())).toEqual(['resolve', 'resume']);
});

test('U2: past its deadline a session waits for an extension, at its end for nothing', () => {
  const world = World.running({ session: { timeout: HOUR } }).pause();
  world.later(HOUR);
  expect(pendingIn(world)).toEqual(['extend']);
  expect(world.effects.findLast(({ type }) => type === 'show')).toMatchObject({ shown: { pending: ['extend'] } });
  world.do({ type: 'complete', by: byOf() });
  expect(pendingIn(world)).toEqual([]);
});

test('U2: labels too long for a search attribute are left out: Temporal would refuse them for ever', () => {
  const labels = Object.fromEntries(Array.from({ length: 16 }, (_, index) => [`l${index}`, 'é'.repeat(256)]));
  const shown = labelsOf(specOf({ labels }));
  expect(shown).toEqual(['l0', 'l1', 'l2'].map((name) => `${name}=${'é'.repeat(256)}`));
  expect(Buffer.byteLength(JSON.stringify(shown))).toBeLessThan(2048);
});
