import { CustodyError } from '../../../protocol/errors.ts';
import { print, printJsonLine, remark } from '../../io/output.ts';
import { port } from '../../io/parse.ts';
import { printable } from '../../io/printable.ts';
import { examples, type Program } from '../../program.ts';
import { storeFolder } from '../../../store/location.ts';
import { shellWord } from '../../io/shell.ts';

/** As `temporal server start-dev` has them, so that clients find it without being told. */
const PORT = 7233;
const UI_PORT = 8233;
/** As `custody serve` has it. */
const GATEWAY_PORT = 8080;

export function addDev(program: Program): void {
  program
    .command('dev')
    .summary('run a Temporal, a worker and a gateway on this machine')
    .description(
      'Run a Temporal, a worker and a gateway on this machine, until SIGINT or SIGTERM: then calls under way end ' +
        'first, and a second signal ends both at once. With --address, that Temporal is used; TEMPORAL_ADDRESS and ' +
        'profiles are not read.',
    )
    .option('--port <n>', 'port of Temporal on 127.0.0.1, 0 for any', port, PORT)
    .option('--ui-port <n>', 'port of its web UI, 0 for any', port, UI_PORT)
    .option('--gateway-port <n>', 'port of the gateway, where it is free; 0 for any', port, GATEWAY_PORT)
    .option('--db <file>', 'keep sessions in this file over restarts; otherwise they end with this command')
    .option('--config <file>', 'the operator file', './custody.yaml')
    .option('--name <name>', 'of the worker, kept over restarts', 'dev')
    .addHelpText(
      'after',
      '\nCUSTODY_LOG_LEVEL sets the level of the log (warn), which is text, or JSON lines with --json; debug shows ' +
        'stacks.\n' +
        examples(
          'custody dev',
          'custody dev --db sessions.db --config examples/custody.yaml',
          'custody dev --port 0 --ui-port 0 --gateway-port 0 --json',
        ),
    )
    .action(async (options, command) => {
      const globals = command.optsWithGlobals();
      if (globals.profile !== undefined)
        throw new CustodyError(
          'USAGE',
          '`custody dev` reads no profile; run `custody worker --profile NAME` against a Temporal that runs elsewhere.',
        );
      const [
        { loadOperatorConfig },
        { startEmbeddedTemporal },
        { SEARCH_ATTRIBUTES },
        { runWorker },
        { devKey },
        { openDevGateway },
      ] = await Promise.all([
        import('../../../config/operator.ts'),
        import('../../temporal/embedded.ts'),
        import('../../../workflows/searchAttributes.ts'),
        import('../../worker/runWorker.ts'),
        import('../../worker/devKey.ts'),
        import('../../serve/devGateway.ts'),
      ]);
      const config = await loadOperatorConfig(options.config);
      const namespace = globals.namespace ?? 'default';
      // A Temporal that others use as well has workers with keys of their own, or with none.
      const own = config.deployment || globals.address !== undefined ? undefined : await devKey();
      const temporal = await startEmbeddedTemporal({
        address: globals.address,
        port: options.port || undefined,
        uiPort: options.uiPort || undefined,
        dbFilename: options.db,
        namespace,
        searchAttributes: Object.values(SEARCH_ATTRIBUTES),
        log: remark,
      });
      const { address, uiAddress } = temporal;
      const settings = { connection: { address }, namespace };
      const { taskQueue, store: storeAt } = globals;
      const gateway = await openDevGateway(
        { address, namespace, taskQueue, store: storeAt },
        config,
        options.gatewayPort,
      ).catch(async (error: unknown) => {
        await temporal.stop();
        throw error;
      });
      try {
        await runWorker({
          ...settings,
          config,
          name: options.name,
          taskQueue: globals.taskQueue,
          store: globals.store,
          deployment: own?.deployment,
          logLevel: 'warn',
          isLogForPeople: !globals.json,
          onStopping: () => remark('Stopping: calls under way end first. A second signal ends everything at once.'),
          onRunning: ({ name, store }) => {
            if (globals.json)
              return printJsonLine({
                address,
                uiAddress: uiAddress ?? null,
                namespace,
                worker: name,
                store,
                db: options.db ?? null,
                key: own?.file ?? null,
                gateway: { address: gateway.address, ...gateway.own },
              });
            const where = [
              ...(address === `127.0.0.1:${PORT}` ? [] : [`--address ${address}`]),
              ...(namespace === 'default' ? [] : [`--namespace ${shellWord(namespace)}`]),
              ...(store === storeFolder() ? [] : [`--store ${shellWord(store)}`]),
            ];
            const place = options.db === undefined ? 'in memory' : `in ${printable(options.db)}`;
            const kept = globals.address === undefined ? `, sessions kept ${place}` : '';
            print(
              [
                `Temporal   ${printable(address)}, namespace ${printable(namespace)}${kept}`,
                ...(uiAddress === undefined ? [] : [`UI         ${uiAddress}`]),
                `Worker     ${name}, servers ${Object.keys(config.servers).map(printable).join(', ') || 'none'}`,
                `Gateway    ${gateway.address}/mcp/SESSION, with the API key ${gateway.own?.key}`,
                `Console    ${gateway.own?.link} (once, within 10 minutes)`,
                `Payloads   ${printable(store)}`,
                ...(own === undefined ? [] : [`Key        ${printable(own.file)}`]),
                'Start a session from another terminal; Ctrl+C stops this one:',
                `  $ ${['custody', 'run', 'session.yaml', ...where].join(' ')}`,
              ].join('\n'),
            );
          },
        });
      } finally {
        await gateway.close();
        await temporal.stop();
      }
    });
}
