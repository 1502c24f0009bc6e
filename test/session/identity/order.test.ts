import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OutsideCommand } from '../../../protocol/commands.ts';
import { LIMITS } from '../../../protocol/limits.ts';
import { MOST_HELD } from '../../../session/identity/held.ts';
import { mayLeave } from '../../../session/turn.ts';
import { byOf } from '../world.ts';
import { bad, codeOf, extend, good, governed, say, send, signed } from './proving.ts';

const pause = () => ({ type: 'pause', by: byOf() }) as const;
const resume = () => ({ type: 'resume', by: byOf(), acceptChanges: false }) as const;

describe('A5: a command that waits for its proof', () => {
  test('is not overtaken: what comes after it takes effect after it, in the order in which it came', () => {
    const world = governed();
    world.pause();
    const first = send(world, signed(world, resume())) as number;
    const second = send(world, pause()) as number;
    const third = send(world, signed(world, extend())) as number;
    expect(world.state.name).toBe('PAUSED');
    expect([...say(world, third, good())]).toEqual([]);
    const replies = say(world, first, good());
    expect([...replies].map(([n, reply]) => [n, codeOf(reply)])).toEqual([
      [first, 'ok'],
      [second, 'ok'],
      [third, 'ok'],
    ]);
    expect(world.state).toMatchObject({ name: 'PAUSED', cause: 'operator' });
    expect(world.of('moved').map(({ to }) => to.name)).toEqual(['RUNNING', 'PAUSED', 'RESUMING', 'PAUSED']);
  });

  test('keeps nobody back once it is refused', () => {
    const world = governed();
    const first = send(world, signed(world, extend())) as number;
    const second = send(world, pause(), 'signal') as number;
    const replies = say(world, first, bad('KEY_REVOKED'));
    expect([codeOf(replies.get(first)), codeOf(replies.get(second))]).toEqual(['KEY_REVOKED', 'ok']);
    expect(world.state.name).toBe('PAUSED');
  });

  test('keeps its run until it is answered, and is answered by a session that ended meanwhile', () => {
    const world = governed();
    const n = send(world, signed(world, extend())) as number;
    world.work({ events: 2 * LIMITS.eventsPerRun, isQuiet: false });
    expect(world.run.isDraining).toBe(true);
    expect(mayLeave(world.run)).toBe(false);
    expect(codeOf(say(world, n, good()).get(n))).toBe('ok');
    expect(mayLeave(world.run)).toBe(true);

    const ending = governed();
    const late = send(ending, signed(ending, extend())) as number;
    ending.do({ type: 'cancelled', runId: 'run-1' });
    expect(ending.state.name).toBe('FAILED');
    expect(mayLeave(ending.run)).toBe(false);
    expect(codeOf(say(ending, late, good()).get(late))).toBe('SESSION_ENDED');
  });

  test('is one of so many at most, and the calls and heartbeats of agents do not wait for it', () => {
    const world = governed();
    for (let n = 0; n < MOST_HELD; n += 1) send(world, signed(world, extend()));
    expect(codeOf(send(world, pause()))).toBe('PROOF_UNCHECKED');
    expect(codeOf(send(world, { type: 'heartbeat', by: byOf() }))).toBe('ok');
    expect(world.effects.filter(({ type }) => type === 'prove')).toHaveLength(MOST_HELD);
  });
});

type Step =
  | { readonly do: 'send'; readonly which: number; readonly isSigned: boolean; readonly via: 'update' | 'signal' }
  | { readonly do: 'say'; readonly which: number; readonly isGood: boolean }
  | { readonly do: 'repeat'; readonly which: number }
  | { readonly do: 'work' };

const which = fc.nat({ max: 1000 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    do: fc.constant('send' as const),
    which,
    isSigned: fc.boolean(),
    via: fc.constantFrom('update' as const, 'signal' as const),
  }),
  fc.record({ do: fc.constant('say' as const), which, isGood: fc.boolean() }),
  fc.record({ do: fc.constant('repeat' as const), which }),
  fc.record({ do: fc.constant('work' as const) }),
);

const make = (n: number): Exclude<OutsideCommand, { type: 'call' }> =>
  [extend(), pause(), resume(), { type: 'checkpoint', by: byOf(), name: `n${n}` } as const][n % 4]!;

test('A5: whatever comes, commands take effect in their order, once, and none that needs a proof without', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const world = governed();
      const sent: { readonly command: ReturnType<typeof make>; readonly isSigned: boolean }[] = [];
      const waits = new Map<number, string>();
      const answered = (n: number) => expect(waits.delete(n), 'a reply that nobody waits for').toBe(true);
      const give = (command: ReturnType<typeof make>, via: 'update' | 'signal') => {
        const reply = send(world, command, via);
        if (typeof reply === 'number') waits.set(reply, command.by.commandId);
      };
      for (const each of steps) {
        if (each.do === 'work') world.work();
        else if (each.do === 'send') {
          const plain = make(each.which);
          const command = each.isSigned ? signed(world, plain) : plain;
          sent.push({ command, isSigned: each.isSigned });
          give(command, each.via);
        } else if (each.do === 'repeat') {
          const again = sent[each.which % Math.max(1, sent.length)];
          if (again) give(again.command, 'signal');
        } else {
          const open = world.run.held.filter(({ verdict }) => verdict === null);
          const held = open[each.which % Math.max(1, open.length)];
          const verdict = each.isGood ? good() : bad('PROOF_INVALID');
          if (held) for (const n of say(world, held.n, verdict).keys()) answered(n);
        }
        expect([...waits.keys()].sort((a, b) => a - b)).toEqual(world.run.held.map(({ n }) => n));
        expect(mayLeave(world.run) && world.run.held.length > 0).toBe(false);
      }
      for (const { n, verdict } of world.run.held.slice())
        if (verdict === null) for (const each of say(world, n, good()).keys()) answered(each);
      expect(waits.size).toBe(0);
      const done = world.events.flatMap((event) =>
        event.type === 'commanded' ? [{ id: event.by.commandId, name: event.name, proven: event.by.proven }] : [],
      );
      expect(new Set(done.map(({ id }) => id)).size).toBe(done.length);
      const order = sent.map(({ command }) => command.by.commandId);
      const positions = done.map(({ id }) => order.indexOf(id));
      const repeated = steps.some((each) => each.do === 'repeat');
      if (!repeated) expect(positions).toEqual(positions.toSorted((a, b) => a - b));
      for (const { name, proven } of done) if (name === 'extend' || name === 'resume') expect(proven).toBeDefined();
    }),
    { numRuns: 300 },
  );
});
