import { CommanderError } from '@commander-js/extra-typings';
import { CustodyError } from '../protocol/errors.ts';
import { addIncidents } from './commands/incidents/incidents.ts';
import { addAudit } from './commands/audit/audit.ts';
import { addApprovals } from './commands/approve/approvals.ts';
import { addApprove } from './commands/approve/approve.ts';
import { addReject } from './commands/approve/reject.ts';
import { addVerify } from './commands/audit/verify.ts';
import { addAttach } from './commands/agents/attach.ts';
import { addBudget } from './commands/budget/budget.ts';
import { addCall } from './commands/use/call.ts';
import { addCancel } from './commands/steer/cancel.ts';
import { addCheckpoint } from './commands/steer/checkpoint.ts';
import { addCodecServer } from './commands/operate/codecServer.ts';
import { addComplete } from './commands/steer/complete.ts';
import { addDev } from './commands/operate/dev.ts';
import { addDoctor } from './commands/operate/doctor.ts';
import { addCost } from './commands/use/cost.ts';
import { addExtend } from './commands/steer/extend.ts';
import { addTopUp } from './commands/steer/topUp.ts';
import { addFork } from './commands/steer/fork.ts';
import { addHeartbeat } from './commands/agents/heartbeat.ts';
import { addInit } from './commands/operate/init.ts';
import { addKeys } from './commands/keys/keys.ts';
import { addList } from './commands/use/list.ts';
import { addMcp } from './commands/use/mcp.ts';
import { addNotices } from './commands/operate/notices.ts';
import { addPayloads } from './commands/operate/payloads.ts';
import { addPause } from './commands/steer/pause.ts';
import { addPolicy } from './commands/policy/policy.ts';
import { addRecord } from './commands/agents/record.ts';
import { addRecover } from './commands/steer/recover.ts';
import { addReport } from './commands/use/report.ts';
import { addResolve } from './commands/steer/resolve.ts';
import { addRespond } from './commands/steer/respond.ts';
import { addResume } from './commands/steer/resume.ts';
import { addRollback } from './commands/steer/rollback.ts';
import { addRun } from './commands/use/run.ts';
import { addSaveState } from './commands/agents/saveState.ts';
import { addServe } from './commands/operate/serve.ts';
import { addSetup } from './commands/operate/setup.ts';
import { addShow } from './commands/use/show.ts';
import { addStart } from './commands/use/start.ts';
import { addToken } from './commands/tokens/token.ts';
import { addTools } from './commands/operate/tools.ts';
import { addWatch } from './commands/use/watch.ts';
import { addWorker } from './commands/operate/worker.ts';
import { addReviews } from './commands/reviews/reviews.ts';
import { reportError } from './io/output.ts';
import { createProgram, type Program } from './program.ts';

/** In the order of the help. A command loads what it needs when it runs, so that the others start fast. */
const COMMANDS = {
  'Sessions:': [addStart, addRun, addList, addShow, addReport, addCost, addWatch, addCall, addMcp],
  'Steering:': [
    addPause,
    addResume,
    addExtend,
    addTopUp,
    addComplete,
    addCancel,
    addCheckpoint,
    addRollback,
    addFork,
    addRespond,
    addResolve,
    addRecover,
  ],
  'Approvals and reviews:': [addApprovals, addApprove, addReject, addReviews],
  'Incidents:': [addIncidents],
  'Audit:': [addVerify, addAudit],
  'Money:': [addBudget],
  'Agents that run elsewhere:': [addAttach, addSaveState, addRecord, addHeartbeat],
  'Running Custody:': [
    addInit,
    addDev,
    addWorker,
    addServe,
    addToken,
    addSetup,
    addTools,
    addPolicy,
    addNotices,
    addPayloads,
    addKeys,
    addCodecServer,
    addDoctor,
  ],
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
  const program = buildProgram();
  try {
    await program.parseAsync(argv).catch((error: unknown) => refuseMistyped(program, error));
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

/** Where a required option is missing as it is mistyped, that is the fault, and commander's hint helps. */
function refuseMistyped({ commands }: Program, error: unknown): never {
  const isMissing = error instanceof CommanderError && error.code === 'commander.missingMandatoryOptionValue';
  const command = isMissing ? commands.find(({ args }) => args.some(isOption)) : undefined;
  if (command)
    (command as unknown as { unknownOption(flag: string): never }).unknownOption(command.args.find(isOption)!);
  throw error;
}

const isOption = (word: string): boolean => word.startsWith('--');
