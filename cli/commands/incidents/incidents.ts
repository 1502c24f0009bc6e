import { print, printJson, remark } from '../../io/output.ts';
import { count } from '../../io/parse.ts';
import { since } from '../../io/since.ts';
import { whereOf } from '../../io/shell.ts';
import { examples, type Globals, type Program } from '../../program.ts';
import { showIncidents } from '../../render/incidents.ts';
import { showSilent } from '../../render/silent.ts';
import { withCustody } from '../../withCustody.ts';
import { steer } from '../steer/steer.ts';

export function addIncidents(program: Program): void {
  const incidents = program
    .command('incidents')
    .summary('list what went wrong and was not looked at, or close one')
    .description(
      'List the open incidents of all sessions, or of those that are named, and what was done to sessions in ' +
        'Temporal past them. A session whose worker does not answer is named.',
    )
    .argument('[sessions...]', 'sessions; left out, those that run and have open incidents')
    .option('--all', 'closed ones too, and those of ended sessions')
    .addOption(since('with --all: of sessions that were started within this time'))
    .option('--limit <n>', 'with --all: of at most so many sessions, the newest', count, 1000)
    .addHelpText('after', examples('custody incidents', 'custody incidents session-1 --all --json'))
    .action(async (sessions, { all, since, limit }, command) => {
      const globals: Globals = command.optsWithGlobals();
      const list = { since: new Date(Date.now() - since), limit };
      const found = await withCustody(globals, (custody) => custody.incidents({ sessions, all, list }));
      if (globals.json) return printJson(found);
      print(showIncidents(found, whereOf(globals)));
      for (const line of showSilent(found.unanswered)) remark(line);
    });
  incidents
    .command('close')
    .summary('say that an incident was looked at')
    .description(
      'Close an incident of a session. One that was paused for it goes on once its last is closed, where its profile ' +
        'has session.autoResume.',
    )
    .argument('<session>', 'the session')
    .argument('<incident>', 'the incident, as `custody incidents` names it: i1')
    .requiredOption('--reason <text>', 'what came of it, on record')
    .addHelpText('after', examples('custody incidents close session-1 i1 --reason "the key was revoked"'))
    .action((session, incident, { reason }, command) =>
      steer(command.optsWithGlobals(), session, (handle) => handle.closeIncident(incident, { reason })),
    );
}
