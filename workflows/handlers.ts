import {
  ApplicationFailure,
  CancellationScope,
  currentUpdateInfo,
  setDefaultSignalHandler,
  setDefaultUpdateHandler,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import { toCarry } from '../session/capacity/carried.ts';
import { OUTSIDE_COMMANDS } from '../session/commands.ts';
import { hasOlder } from '../session/capacity/olderIds.ts';
import { START } from '../session/undo/checkpoint.ts';
import { outlineOf } from '../session/undo/outline.ts';
import { viewOf } from '../session/view.ts';
import {
  callQuery,
  callUpdate,
  carriedQuery,
  commandSignal,
  commandUpdate,
  describeQuery,
  forkedSignal,
  pinsQuery,
  RECOVERING,
  releasedSignal,
  rollbackQuery,
} from './messages.ts';
import { parseCommand, parseForked, parseReleased } from './parse.ts';
import type { SessionRun } from './run.ts';

/** Signals, updates and queries of a session. They hand everything to `run`, which decides. */
export function registerHandlers(run: SessionRun): void {
  let signals = 0;
  const nextId = () => `signal/${workflowInfo().runId}/${(signals += 1)}`;
  const updateId = () => currentUpdateInfo()?.id ?? 'update';

  for (const name of OUTSIDE_COMMANDS) {
    if (name === 'call') continue;
    setHandler(commandSignal(name), (input) => {
      const parsed = parseCommand(name, input, nextId());
      if (parsed.ok) run.command(parsed.command, 'signal');
      else run.malformed(parsed.problem, parsed.by, name, 'signal');
    });
    setHandler(
      commandUpdate(name),
      (input) => {
        const parsed = parseCommand(name, input, updateId());
        const reply = parsed.ok
          ? run.command(parsed.command, 'update')
          : run.malformed(parsed.problem, parsed.by, name, 'update');
        return name === 'attach' && reply.ok ? run.attached(reply) : reply;
      },
      { validator: (input) => rejectMalformed(name, input) },
    );
  }

  setHandler(
    callUpdate,
    (input) => {
      const parsed = parseCommand('call', input, updateId());
      if (!parsed.ok || parsed.command.type !== 'call')
        throw ApplicationFailure.nonRetryable(parsed.ok ? 'not a call' : parsed.problem, 'MALFORMED_COMMAND');
      const { command } = parsed;
      return CancellationScope.nonCancellable(async () => {
        const reply = await run.call(command);
        return reply.status === 'refused' ? { ...reply, to: command.by.commandId } : reply;
      });
    },
    { validator: (input) => rejectMalformed('call', input) },
  );

  setHandler(forkedSignal, (input) => {
    const parsed = parseForked(input);
    if (parsed) run.forkedInto(parsed.fork, parsed.at, parsed);
    else
      run.malformed(
        'forked: the input must have fork, at, actor and reason',
        { actor: 'unknown', reason: '', commandId: nextId() },
        'forked',
        'signal',
      );
  });

  setHandler(releasedSignal, (input) => {
    const by = { actor: 'unknown', reason: '', commandId: nextId() };
    const released = parseReleased(input);
    if (released) run.released(released.server, released.lease, by);
    else
      run.malformed(
        'released: the input is not { server, lease }, both names; workers send it, and nobody else needs to',
        by,
        'released',
        'signal',
      );
  });

  setDefaultSignalHandler((name) => {
    run.malformed(
      `there is no signal '${name.slice(0, 100)}'; there are ${OUTSIDE_COMMANDS.filter((each) => each !== 'call').join(', ')}`,
      { actor: 'unknown', reason: '', commandId: nextId() },
      name.slice(0, 100),
      'signal',
      'UNKNOWN_COMMAND',
    );
  });
  setDefaultUpdateHandler((name) =>
    run.malformed(
      `there is no update '${name.slice(0, 100)}'; there are ${OUTSIDE_COMMANDS.join(', ')}`,
      { actor: 'unknown', reason: '', commandId: updateId() },
      name.slice(0, 100),
      'update',
      'UNKNOWN_COMMAND',
    ),
  );

  setHandler(carriedQuery, () => toCarry(run.state));
  setHandler(rollbackQuery, (to) => outlineOf(run.state.session, typeof to === 'string' && to !== START ? to : null));
  setHandler(describeQuery, () => viewOf(run.state.session, run.state.runs));
  setHandler(pinsQuery, () => run.state.session.servers);
  setHandler(callQuery, (callId: unknown) => {
    if (typeof callId !== 'string') return null;
    const { open, ended, older } = run.state.session;
    return [...open, ...ended].some((call) => call.callId === callId) || hasOlder(older, callId)
      ? (run.reply(callId) ?? { status: 'parked', why: 'running' })
      : null;
  });
}

/** Until a recovered run has read its state, clients ask again. */
export function registerRecovering(): void {
  const notYet = (): never => {
    throw new Error(RECOVERING);
  };
  setHandler(describeQuery, notYet);
  setHandler(pinsQuery, notYet);
  setHandler(callQuery, notYet);
  setHandler(rollbackQuery, notYet);
}

/** Malformed input leaves no trace; everything else is accepted and answered, a refusal too (D2). */
function rejectMalformed(name: (typeof OUTSIDE_COMMANDS)[number], input: unknown): void {
  const parsed = parseCommand(name, input, 'validator');
  if (!parsed.ok) throw ApplicationFailure.nonRetryable(parsed.problem, 'MALFORMED_COMMAND');
}
