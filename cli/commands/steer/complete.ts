import { remark } from '../../io/output.ts';
import { shellWord, whereOf } from '../../io/shell.ts';
import { examples, type Globals, type Program } from '../../program.ts';
import { steer } from './steer.ts';

export function addComplete(program: Program): void {
  program
    .command('complete')
    .summary('end a session as COMPLETED')
    .description(
      'End a session as COMPLETED, once its calls under way have ended and its reviews are done: `custody show` says ' +
        'what it waits for.',
    )
    .argument('<id>', 'the session')
    .option('--reason <text>', 'why, on record')
    .addHelpText('after', examples('custody complete session-1 --reason "draft accepted"'))
    .action(async (id, options, command) => {
      const globals: Globals = command.optsWithGlobals();
      let waits = false;
      await steer(globals, id, async (session) => {
        const accepted = await session.complete(options);
        waits = ((await session.reviews.list().catch(() => null))?.open.length ?? 0) > 0;
        return accepted;
      });
      if (waits && !globals.json)
        remark(`It ends once persons have reviewed it: \`custody reviews ${shellWord(id)}${whereOf(globals)}\`.`);
    });
}
