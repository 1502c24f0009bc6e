import { print, printJsonLine } from '../../io/output.ts';
import { count, port } from '../../io/parse.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Program } from '../../program.ts';

export function addWorker(program: Program): void {
  program
    .command('worker')
    .summary('run sessions and their calls')
    .description(
      'Run sessions and their calls, until SIGINT or SIGTERM: then calls under way end first, and a second ' +
        'signal ends it at once. Logs are JSON lines on stderr.',
    )
    .option('--config <file>', 'the operator file', './custody.yaml')
    .option('--name <name>', "kept over restarts; else the host's name")
    .option('--health-port <n>', 'serve /healthz, /readyz and, if on, /metrics on this port', port)
    .option('--health-host <address>', 'of the interface for it; 0.0.0.0 is all of them', '127.0.0.1')
    .option('--max-calls <n>', 'calls at once on the stateful servers that it holds (100)', count)
    .option('--max-cached <n>', 'sessions kept in memory at once', count)
    .addHelpText(
      'after',
      '\nCUSTODY_LOG_LEVEL sets the level of the log (info), CUSTODY_STATE_DIR where workers keep what must ' +
        `survive them.\n${examples('custody worker --config custody.yaml --name worker-1 --health-port 8080')}`,
    )
    .action(async (options, command) => {
      const { address, namespace, profile, taskQueue, store, json } = command.optsWithGlobals();
      const [{ loadOperatorConfig }, { connectionSettings }, { runWorker }] = await Promise.all([
        import('../../../config/operator.ts'),
        import('../../../client/temporal/connection.ts'),
        import('../../worker/runWorker.ts'),
      ]);
      const config = await loadOperatorConfig(options.config);
      const settings = connectionSettings({ address, namespace, profile });
      await runWorker({
        ...settings,
        config,
        name: options.name,
        taskQueue,
        store,
        maxCachedSessions: options.maxCached,
        maxCalls: options.maxCalls,
        healthPort: options.healthPort,
        healthHost: options.healthHost,
        logLevel: 'info',
        onRunning: ({ name, store: folder, healthPort }) => {
          const where = {
            worker: name,
            address: settings.connection.address,
            namespace: settings.namespace,
            store: folder,
            healthPort: healthPort ?? null,
          };
          if (json) printJsonLine(where);
          else
            print(
              `Worker ${name} runs on ${printable(where.address)}, namespace ${printable(where.namespace)}, ` +
                'payloads in ' +
                `${printable(folder)}${healthPort === undefined ? '' : `, health on port ${healthPort}`}.`,
            );
        },
      });
    });
}
