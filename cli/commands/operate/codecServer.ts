import { print, printJsonLine } from '../../io/output.ts';
import { port } from '../../io/parse.ts';
import { examples, type Program } from '../../program.ts';

const PORT = 8234;

export function addCodecServer(program: Program): void {
  program
    .command('codec-server')
    .summary('open payloads for the Temporal UI and CLI')
    .description(
      'Open encrypted payloads for the Temporal UI and CLI, until SIGINT or SIGTERM. Whoever asks shows a bearer ' +
        'token of custody.yaml (codecServer.tokens), and each reading goes on record as one line of JSON: who, ' +
        'when, which namespace, how many payloads. Keys are those under deployment.keys; a reading key is enough.',
    )
    .option('--config <file>', 'the operator file', './custody.yaml')
    .option('--port <n>', 'on which it answers, 0 for any', port, PORT)
    .option('--host <address>', 'of the interface; 0.0.0.0 is all of them', '127.0.0.1')
    .option('--record <file>', 'append the readings to this file; else they go to stdout')
    .option('--open', 'let in whoever is on this machine and shows no token, as the web UI of `custody dev`')
    .addHelpText(
      'after',
      '\nThe UI is told of it by `--ui-codec-endpoint http://127.0.0.1:8234` of `temporal server start-dev`, or in ' +
        'its settings; the CLI by --codec-endpoint and --codec-auth.\n' +
        examples('custody codec-server --record readings.jsonl', 'custody codec-server --port 9000 --open'),
    )
    .action(async (options, command) => {
      const { json } = command.optsWithGlobals();
      const { runCodecServer } = await import('../../codec/runCodecServer.ts');
      await runCodecServer({
        ...options,
        onRunning: (address, readers) => {
          if (json) printJsonLine({ address, readers, record: options.record ?? null });
          else if (options.record !== undefined) print(`Payloads are opened at ${address} for ${readers.join(', ')}.`);
        },
      });
    });
}
