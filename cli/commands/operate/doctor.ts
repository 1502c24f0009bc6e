import { print, printJson } from '../../io/output.ts';
import { examples, type Program } from '../../program.ts';
import { showChecks } from '../../render/checks.ts';

export function addDoctor(program: Program): void {
  program
    .command('doctor')
    .summary('check what is missing, and how to get it')
    .description(
      'Check what Custody needs, one thing after another, and say how to get what is missing. MCP servers of the ' +
        'operator file are opened and closed again; no tool is called. Exit code 1 if something fails.',
    )
    .option('--config <file>', 'the operator file (default: ./custody.yaml, where it exists)')
    .addHelpText(
      'after',
      examples('custody doctor', 'custody doctor --address temporal.example:7233 --config custody.yaml --json'),
    )
    .action(async ({ config }, command) => {
      const { address, namespace, profile, taskQueue, store, json } = command.optsWithGlobals();
      const [{ checkMachine }, { checkTemporal }, { checkConfig }] = await Promise.all([
        import('../../doctor/machine.ts'),
        import('../../doctor/temporal.ts'),
        import('../../doctor/config.ts'),
      ]);
      const checks = [
        ...(await checkMachine()),
        ...(await checkTemporal({ address, namespace, profile, taskQueue })),
        ...(await checkConfig(config, store)),
      ];
      const failed = checks.some(({ status }) => status === 'fail');
      if (json) printJson({ ok: !failed, checks });
      else print(showChecks(checks));
      if (failed) process.exitCode = 1;
    });
}
