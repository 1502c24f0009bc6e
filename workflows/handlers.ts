import { parseForked, parseReleased } from '../protocol/notices.ts';
import {
  ApplicationFailure,
  currentUpdateInfo,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { By } from '../protocol/by.ts';
import type { AskedReply, CommandReply } from '../protocol/replies.ts';
import type { CommandOf } from '../session/commands.ts';
import type { Via } from '../session/advance.ts';
import { tooManyRefusals } from '../session/calls/refusals.ts';
import { COMMANDS, FORKED, RELEASED } from './descriptions.ts';
import { callUpdate, commandSignal, commandUpdate, forkedSignal, releasedSignal } from './messages.ts';
import { OUTSIDE_COMMANDS, type OutsideName, type Parsed, parseCommand } from '../protocol/commands.ts';
import { registerQueries } from './queries.ts';
import type { SessionRun } from './run.ts';

const NAME = 100;

/** Signals, updates and queries of a session. They hand everything to `run`, and decide nothing. */
export function registerHandlers(run: SessionRun): void {
  let signals = 0;
  const nextId = () => `signal/${workflowInfo().runId}/${(signals += 1)}`;
  const updateId = () => currentUpdateInfo()?.id ?? 'update';
  // An update is read once: its handler follows its validator at once, with an equal copy of what was sent.
  let validated: { readonly id: string; readonly parsed: Parsed } | undefined;
  const read = (name: OutsideName, input: unknown): Parsed => {
    const [id, before] = [updateId(), validated];
    validated = undefined;
    return before?.id === id ? before.parsed : parseCommand(name, input, id);
  };
  /** Malformed input leaves no trace; everything else is accepted and answered, a refusal too. */
  const validate = (name: OutsideName, input: unknown): void => {
    const parsed = parseCommand(name, input, updateId());
    if (!parsed.ok) throw malformedFailure(parsed);
    if (name === 'call') rejectEarly(run, parsed.command.by.actor);
    validated = { id: updateId(), parsed };
  };

  for (const name of OUTSIDE_COMMANDS) {
    if (name === 'call') continue;
    const description = COMMANDS[name];
    setHandler(commandSignal(name), (input) => void take(run, name, parseCommand(name, input, nextId()), 'signal'), {
      description,
    });
    setHandler(commandUpdate(name), (input) => take(run, name, read(name, input), 'update'), {
      description,
      validator: (input) => validate(name, input),
    });
  }
  setHandler(
    callUpdate,
    (input) => {
      const parsed = read('call', input);
      if (!parsed.ok || parsed.command.type !== 'call') throw malformedFailure(parsed);
      return asked(run, parsed.command);
    },
    { description: COMMANDS.call, validator: (input) => validate('call', input) },
  );

  const forked = (input: unknown): void => {
    const told = parseForked(input);
    if (told) run.learn({ type: 'forkedInto', ...told });
    else malformed(run, 'forked', nextId(), 'forked: the input must have fork, at, actor and reason', 'signal');
  };
  setHandler(forkedSignal, forked, { description: FORKED });
  const released = (input: unknown): void => {
    const told = parseReleased(input);
    if (told) return run.learn({ type: 'released', ...told });
    const problem =
      'released: the input is not { server, lease }, both names; workers send it, and nobody else needs to';
    malformed(run, 'released', nextId(), problem, 'signal');
  };
  setHandler(releasedSignal, released, { description: RELEASED });

  const unknown = (what: string, name: string, known: readonly string[]): string =>
    `there is no ${what} '${name.slice(0, NAME)}'; there are ${known.join(', ')}`;
  setDefaultSignalHandler((name) => {
    const signals_ = OUTSIDE_COMMANDS.filter((each) => each !== 'call');
    malformed(run, name, nextId(), unknown('signal', name, signals_), 'signal', 'UNKNOWN_COMMAND');
  });
  setDefaultUpdateHandler((name) =>
    malformed(run, name, updateId(), unknown('update', name, OUTSIDE_COMMANDS), 'update', 'UNKNOWN_COMMAND'),
  );
  registerQueries(run);
}

function take(run: SessionRun, name: OutsideName, parsed: Parsed, via: Via): CommandReply | Promise<CommandReply> {
  if (!parsed.ok) {
    const { by, problem } = parsed;
    return run.take({ type: 'malformed', name, by, code: 'MALFORMED_COMMAND', problem, via }) as CommandReply;
  }
  const { command } = parsed;
  if (command.type === 'call') throw malformedFailure(parsed);
  return run.command(command, via);
}

/** Something that is no command, from nobody that is known. */
function malformed(
  run: SessionRun,
  name: string,
  commandId: string,
  problem: string,
  via: Via,
  code: 'MALFORMED_COMMAND' | 'UNKNOWN_COMMAND' = 'MALFORMED_COMMAND',
): CommandReply {
  const by: By = { actor: 'unknown', reason: '', commandId };
  return run.take({ type: 'malformed', name: name.slice(0, NAME), by, code, problem, via }) as CommandReply;
}

/** A caller that was refused too often in a row has to wait, and leaves no trace meanwhile. */
function rejectEarly(run: SessionRun, actor: string): void {
  const refusal = tooManyRefusals(run.state.session, actor, Date.now());
  if (refusal) throw ApplicationFailure.nonRetryable(refusal.message, refusal.code);
}

/** The reply to an ask: who asks a second time under one update id has to know to which ask a refusal was said. */
async function asked(run: SessionRun, command: CommandOf<'call'>): Promise<AskedReply> {
  const reply = await run.call(command);
  return reply.status === 'refused' ? { ...reply, to: command.by.commandId } : reply;
}

const malformedFailure = (parsed: Parsed): ApplicationFailure =>
  ApplicationFailure.nonRetryable(parsed.ok ? 'not a call' : parsed.problem, 'MALFORMED_COMMAND');
