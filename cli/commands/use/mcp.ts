import type { SessionSpec } from '../../../client/index.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import { readSpec } from '../../io/input.ts';
import { remark } from '../../io/output.ts';
import { duration } from '../../io/parse.ts';
import { version } from '../../package.ts';
import { examples, type Program } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';
import { startOrAttach } from './startOrAttach.ts';

export function addMcp(program: Program): void {
  program
    .command('mcp')
    .summary('serve a session to an MCP client over stdio')
    .description(
      "Be an MCP server on stdin and stdout whose tools, resources and prompts are those of a session's " +
        'servers: an MCP client that starts this command makes all its calls in the session. The session goes ' +
        'on when the client ends. Remarks go to stderr.',
    )
    .argument('[session]', 'the session')
    .option('--new <spec>', 'start a session from this spec, a YAML or JSON file')
    .option(
      '--id <id>',
      'id of the new session; if there is one already, take that: a client that starts this command again ' +
        'comes back to its session',
    )
    .option(
      '--successor',
      'if the session of --id has ended, go on in the next, ID.2 and so on, whose label successorOf names the first',
    )
    .option(
      '--park-after <duration>',
      'tell the client to come back for a call that has no answer by then; else after 45s, and never where ' +
        'the client takes progress',
      duration,
    )
    .addHelpText('after', examples('custody mcp session-1', 'custody mcp --new examples/session.yaml --id desk-1'))
    .action(async (id, options, command) => {
      const globals = command.optsWithGlobals();
      if ((id === undefined) === (options.new === undefined))
        throw new CustodyError('USAGE', 'Name a session, or a spec with --new, and not both.');
      if (options.id !== undefined && options.new === undefined)
        throw new CustodyError('USAGE', '--id goes with --new.');
      if (options.successor && options.id === undefined) throw new CustodyError('USAGE', '--successor goes with --id.');
      if (options.new === '-')
        throw new CustodyError('USAGE', 'The spec cannot come from stdin, which is for the MCP client.');
      await withCustody(globals, async (custody) => {
        const { session, isNew } =
          id === undefined
            ? await startOrAttach(custody, await specOf(options.new as string), options.id, options.successor ?? false)
            : { session: custody.session(id), isNew: false };
        const { state, ended } = await session.state();
        remark(`custody mcp: session ${session.id}, ${state}${ended ? '; it has ended and takes no calls' : ''}`);
        const { serve } = await import('../../../gateway/stdio/serve.ts');
        await serve({
          session,
          version: version(),
          isNew,
          parkAfter: options.parkAfter,
          onTrouble: bounded((message) => remark(`custody mcp: ${message}`)),
        });
      });
    });
}

/** A spec for an agent; one whose plan ends the session would leave it nothing to do. */
async function specOf(path: string): Promise<SessionSpec> {
  const spec = await readSpec(path);
  if (spec.plan && !spec.keepOpen)
    remark(
      `custody mcp: ${path} has a plan, and its session ends with that: say keepOpen: true, or leave the plan out.`,
    );
  return spec;
}

/**
 * Remarks and characters of each: together less than a pipe holds, since a client may never read stderr, and a full
 * pipe would stop this process.
 */
const REMARKS = 50;
const LONGEST = 500;

function bounded(say: (message: string) => void): (message: string) => void {
  let said = 0;
  return (message) => {
    said += 1;
    if (said <= REMARKS) say(message.slice(0, LONGEST));
  };
}
