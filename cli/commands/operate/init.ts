import { print, printJson } from '../../io/output.ts';
import { shellWord } from '../../io/shell.ts';
import { examples, type Program } from '../../program.ts';

export function addInit(program: Program): void {
  program
    .command('init')
    .summary('write files to begin with')
    .description(
      'Write a small set of files that run: an operator file, a governance profile and a session, with comments. ' +
        'A file that is there is never overwritten: then nothing is written.',
    )
    .argument('[folder]', 'where to, made if it is not there', '.')
    .addHelpText('after', examples('custody init', 'custody init my-agents'))
    .action(async (folder, _options, command) => {
      const { writeStart } = await import('../../init/writeStart.ts');
      const written = await writeStart(folder);
      if (command.optsWithGlobals().json) return printJson({ folder, written });
      const enter = folder === '.' ? [] : [`  $ cd ${shellWord(folder)}`];
      print(
        [
          'custody.yaml     the MCP servers, what their tools do to the world, and the profiles',
          'governance.yaml  a profile: how long a session may take, and how much it may do',
          'session.yaml     a session with a plan of three calls',
          'agent.yaml       a session that stays open for the calls of an agent: custody mcp --new agent.yaml',
          '',
          'Next, a Temporal and a worker; they stay up until Ctrl+C:',
          ...enter,
          '  $ custody dev',
          'And in another terminal, start the session and follow it:',
          ...enter,
          '  $ custody run session.yaml',
        ].join('\n'),
      );
    });
}
