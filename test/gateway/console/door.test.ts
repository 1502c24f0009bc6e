import { expect, test } from 'vitest';
import { Door, throughDoor } from '../../../gateway/console/door.ts';
import { CustodyError } from '../../../protocol/errors.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const MINUTE = 60_000;
const onceIn = (link: string): string => link.slice(link.indexOf('#') + 1);
const nobody = {
  callerOf: async () => {
    throw new CustodyError('TOKEN_INVALID', 'no other');
  },
};

test('U2: a link lets whoever started the process in, once, with all roles', async () => {
  const door = new Door('ann', NOW);
  const link = door.link('http://127.0.0.1:8080');
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8080\/console\/enter#[\w-]{43}$/);
  const token = door.enter(onceIn(link), NOW + MINUTE);
  const caller = await throughDoor(door, nobody).callerOf(token, NOW + MINUTE);
  expect(caller).toMatchObject({ subject: 'ann', roles: ['agent', 'operator', 'approver', 'auditor'] });
  expect(() => door.enter(onceIn(link), NOW + MINUTE)).toThrow(/used already/);
});

test('U2: a link is of no use after 10 minutes, nor what it gave after 12 hours', async () => {
  const door = new Door('ann', NOW);
  const tokens = throughDoor(door, nobody);
  const token = door.enter(onceIn(door.link('http://x')), NOW + 10 * MINUTE);
  await expect(tokens.callerOf(token, NOW + 12 * 60 * MINUTE + 1)).rejects.toThrow(/log-in by a link is over/);
  expect(() => door.enter(onceIn(door.link('http://x')), NOW + 10 * MINUTE + 1)).toThrow(/for 10 minutes/);
});

test('G4: a guess, the link of another process, and a key with another secret let nobody in', async () => {
  const door = new Door('ann', NOW);
  const link = door.link('http://x');
  for (const guess of ['', 'x', 'A'.repeat(43), onceIn(new Door('ann', NOW).link('http://x'))])
    expect(() => door.enter(guess, NOW)).toThrow(CustodyError);
  const token = door.enter(onceIn(link), NOW);
  const other = throughDoor(new Door('ann', NOW), nobody);
  await expect(other.callerOf(token, NOW)).rejects.toThrow('no other');
  await expect(door.callerOf(`${token}x`, NOW)).rejects.toThrow(CustodyError);
});
