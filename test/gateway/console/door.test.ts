import { expect, test } from 'vitest';
import { FreshKey } from '../../../gateway/auth/freshKey.ts';
import { tokensOf } from '../../../gateway/auth/tokens.ts';
import { Door } from '../../../gateway/console/door.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { ROLES } from '../../../protocol/identity/standing.ts';

const NOW = Date.parse('2026-11-28T12:00:00Z');
const MINUTE = 60_000;
const onceIn = (link: string): string => link.slice(link.indexOf('#') + 1);
const keyOf = (subject: string): FreshKey => new FreshKey(subject, ROLES);

test('U2: a link lets whoever started the process in, once, with all roles', async () => {
  const fresh = keyOf('ann');
  const door = new Door(fresh, NOW);
  const link = door.link('http://127.0.0.1:8080');
  expect(link).toMatch(/^http:\/\/127\.0\.0\.1:8080\/console\/enter#[\w-]{43}$/);
  const token = door.enter(onceIn(link), NOW + MINUTE);
  const caller = await tokensOf({ file: undefined, fresh }, undefined).callerOf(token, NOW + MINUTE);
  expect(caller).toMatchObject({ subject: 'ann', roles: ['agent', 'operator', 'approver', 'auditor'] });
  expect(() => door.enter(onceIn(link), NOW + MINUTE)).toThrow(/used already/);
});

test('U2: a link is of no use after 10 minutes', () => {
  const door = new Door(keyOf('ann'), NOW);
  door.enter(onceIn(door.link('http://x')), NOW + 10 * MINUTE);
  expect(() => door.enter(onceIn(door.link('http://x')), NOW + 10 * MINUTE + 1)).toThrow(/for 10 minutes/);
});

test('G4: a guess, the link of another process, and a key with another secret let nobody in', async () => {
  const fresh = keyOf('ann');
  const door = new Door(fresh, NOW);
  const link = door.link('http://x');
  for (const guess of ['', 'x', 'A'.repeat(43), onceIn(new Door(keyOf('ann'), NOW).link('http://x'))])
    expect(() => door.enter(guess, NOW)).toThrow(CustodyError);
  const token = door.enter(onceIn(link), NOW);
  const other = tokensOf({ file: undefined, fresh: keyOf('ann') }, undefined);
  await expect(other.callerOf(token, NOW)).rejects.toThrow('There is no such API key.');
  await expect(fresh.callerOf(`${token}x`)).rejects.toThrow(CustodyError);
});
