import { print, printJsonLine } from '../../io/output.ts';
import { duration, port } from '../../io/parse.ts';
import { examples, type Program } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';

const PORT = 8080;

export function addServe(program: Program): void {
  program
    .command('serve')
    .summary('serve sessions to MCP clients over HTTP')
    .description(
      'Serve sessions to MCP clients over HTTP, until SIGINT or SIGTERM: at /mcp/SESSION, at /mcp the one ' +
        'session of the key, and at /mcp/agents/NAME one that is opened for whoever asks. Whoever asks shows an API ' +
        'key of `custody token`. It keeps nothing: any number of these may run side by side. With --actor and --key ' +
        'it signs for those who ask; /healthz and /readyz are for whoever runs it. Logs are JSON lines on stderr.',
    )
    .option('--config <file>', 'the operator file, with a block `gateway`', './custody.yaml')
    .option('--port <n>', 'on which it answers, 0 for any', port, PORT)
    .option('--host <address>', 'of the interface; 0.0.0.0 is all of them', '127.0.0.1')
    .option(
      '--park-after <duration>',
      'tell clients to come back for a call that has no answer by then; else after 45s, and never where a client of ' +
        'an older generation takes progress',
      duration,
    )
    .addHelpText(
      'after',
      '\nWhere it listens to more than this machine, name its address under gateway.url, and its certificate under ' +
        'gateway.tls.\n' +
        examples('custody serve', 'custody serve --host 0.0.0.0 --port 8080 --config custody.yaml'),
    )
    .action(async (options, command) => {
      const globals = command.optsWithGlobals();
      const { runServe } = await import('../../serve/runServe.ts');
      await withCustody(globals, (custody) =>
        runServe({
          ...options,
          custody,
          onRunning: (address, link) => {
            if (globals.json) return printJsonLine({ address, console: `${address}/console`, link: link ?? null });
            print(`Sessions are served at ${address}/mcp/SESSION, and the console at ${address}/console.`);
            // Whoever reads what it prints to a file has not started it.
            if (link !== undefined && process.stdout.isTTY) print(`Log in once, within 10 minutes: ${link}`);
          },
        }),
      );
    });
}
