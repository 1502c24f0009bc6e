import type { OutsideCommand } from '../../../protocol/commands.ts';
import type { ErrorCode } from '../../../protocol/errors.ts';
import type { Verdict } from '../../../protocol/identity/proof.ts';
import type { Role } from '../../../protocol/identity/standing.ts';
import type { CommandReply } from '../../../protocol/replies.ts';
import type { SessionSpec } from '../../../protocol/spec.ts';
import { byOf, openedOf, type Patch, World } from '../world.ts';

export const KEY = 'a'.repeat(32);
export const LIST = 'f'.repeat(64);

type Command = Exclude<OutsideCommand, { type: 'call' }>;

/** A session under a list of principals. */
export const governed = (patch: Patch = {}, spec: Partial<SessionSpec> = {}): World =>
  new World(spec).do({ ...openedOf(patch), principals: LIST } as Parameters<World['do']>[0]);

/** A command as it comes with a signature of now. */
export function signed<C extends Command>(world: World, command: C, at = world.now, key = KEY): C {
  const proof = { key, at, signature: '0'.repeat(128), digest: 'd'.repeat(64) };
  return { ...command, by: { ...command.by, proof } };
}

export const good = (roles: readonly Role[] = ['operator', 'agent'], person = 'ann'): Verdict => ({
  ok: true,
  proven: { person, roles, key: KEY, list: LIST },
});

export const bad = (code: ErrorCode): Verdict => ({ ok: false, refusal: { code, message: 'no' } });

/** Sends a command; its reply, or the number under which it waits for one. */
export function send(world: World, command: Command, via: 'update' | 'signal' = 'update'): CommandReply | number {
  const { reply } = world.take({ type: 'command', command, via });
  return (reply as CommandReply | undefined) ?? world.run.heldUpTo;
}

/** What a worker says; the replies that it brings, by number. */
export function say(world: World, n: number, verdict: Verdict): ReadonlyMap<number, CommandReply> {
  const { effects } = world.take({ type: 'proved', n, verdict });
  world.work();
  return new Map(
    effects.flatMap((effect) => (effect.type === 'reply' ? [[effect.n, effect.reply as CommandReply] as const] : [])),
  );
}

/** Sends a signed command that a worker finds good; its reply. */
export function prove(world: World, command: Command, verdict = good()): CommandReply {
  const n = send(world, signed(world, command));
  if (typeof n !== 'number') return n;
  const reply = say(world, n, verdict).get(n);
  if (!reply) throw new Error('no reply');
  return reply;
}

export const extend = (ms = 60_000): Extract<OutsideCommand, { type: 'extend' }> => ({
  type: 'extend',
  by: byOf(),
  ms,
});

export const codeOf = (reply: CommandReply | number | undefined): string | undefined =>
  reply === undefined || typeof reply === 'number' ? undefined : reply.ok ? 'ok' : reply.refusal.code;
