import { CommanderError } from '@commander-js/extra-typings';
import { CustodyError } from '../protocol/errors.ts';
import { addAttach } from './commands/attach.ts';
import { addCall } from './commands/call.ts';
import { addCancel } from './commands/cancel.ts';
import { addCheckpoint } from './commands/checkpoint.ts';
import { addComplete } from './commands/complete.ts';
import { addDev } from './commands/dev.ts';
import { addDoctor } from './commands/doctor.ts';
import { addExtend } from './commands/extend.ts';
import { addFork } from './commands/fork.ts';
import { addHeartbeat } from './commands/heartbeat.ts';
import { addList } from './commands/list.ts';
import { addMcp } from './commands/mcp.ts';
import { addPause } from './commands/pause.ts';
import { addRecord } from './commands/record.ts';
import { addRecover } from './commands/recover.ts';
import { addResolve } from './commands/resolve.ts';
import { addRespond } from './commands/respond.ts';
import { addResume } from './commands/resume.ts';
import { addRollback } from './commands/rollback.ts';
import { addRun } from './commands/run.ts';
import { addSaveState } from './commands/saveState.ts';
import { addSetup } from './commands/setup.ts';
import { addShow } from './commands/show.ts';
import { addStart } from './commands/start.ts';
import { addWatch } from './commands/watch.ts';
import { addWorker } from './commands/worker.ts';
import { reportError } from './output.ts';
import { createProgram, type Program } from './program.ts';

/** In the order of the help. A command loads what it needs when it runs, so that the others start fast. */
const COMMANDS = {
  'Sessions:': [addStart, addRun, addList, addShow, addWatch, addCall, addMcp],
  'Steering:': [
    addPause,
    addResume,
    addExtend,
    addComplete,
    addCancel,
    addCheckpoint,
    addRollback,
    addFork,
    addRespond,
    addResolve,
    addRecover,
  ],
  'Agents that run elsewhere:': [addAttach, addSaveState, addRecord, addHeartbeat],
  'Running Custody:': [addDev, addWorker, addSetup, addDoctor],
} as const satisfies { readonly [group: string]: readonly ((program: Program) => void)[] };

/** The whole program, ready to parse. */
export function buildProgram(): Program {
  const program = createProgram();
  for (const [group, commands] of Object.entries(COMMANDS)) {
    program.commandsGroup(group);
    for (const add of commands) add(program);
  }
  return program;
}

/**
 * Runs one command line.
 *
 * @param argv as in `process.argv`
 * @returns the exit code: 0 done, 1 refused or failed, 2 usage
 */
export async function main(argv: readonly string[]): Promise<number> {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit(); // Whoever reads has read enough.
  });
  try {
    await buildProgram().parseAsync(argv);
    return Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommanderError && error.code === 'commander.help') return 2;
    const reported =
      error instanceof CommanderError ? new CustodyError('USAGE', error.message.replace(/^error: /, '')) : error;
    reportError(reported, argv.includes('--json'));
    return reported instanceof CustodyError && reported.code === 'USAGE' ? 2 : 1;
  }
}
