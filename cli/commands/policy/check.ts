import { print, printJson } from '../../io/output.ts';
import { examples } from '../../program.ts';
import type { PolicyGroup } from './group.ts';

export function addCheck(policy: PolicyGroup): void {
  policy
    .command('check')
    .summary('hold the rules against the tools of the servers')
    .description(
      'Read the rules of the operator file, open its servers, and hold the rules against their tools: unknown ' +
        'servers, tools and arguments, wrong types, rules that can never apply; each with file, line and column. No ' +
        'tool is called, and no Temporal is needed. Exit code 1 if something is wrong.',
    )
    .option('--config <file>', 'the operator file', './custody.yaml')
    .option('--governance <profile>', 'only the rules of this profile')
    .option('--offline', 'open no server: only what the files themselves tell')
    .addHelpText('after', examples('custody policy check', 'custody policy check --governance standard --offline'))
    .action(async ({ config: path, governance, offline }, command) => {
      const [
        { loadOperatorConfig },
        { lookAt },
        { catalogFor },
        { checkProfile, hasErrors },
        { profilesOf },
        { showChecks },
      ] = await Promise.all([
        import('../../../config/operator.ts'),
        import('../../servers/look.ts'),
        import('../../policy/catalog.ts'),
        import('../../policy/check.ts'),
        import('../../policy/rules.ts'),
        import('../../render/policy/checks.ts'),
      ]);
      const config = await loadOperatorConfig(path);
      const profiles = profilesOf(config, governance);
      const looked = offline || profiles.length === 0 ? [] : await lookAt(config);
      const catalog = catalogFor(config, looked);
      const checks = profiles.flatMap((profile) => {
        const document = config.policies[profile];
        return document ? [checkProfile(profile, document, catalog)] : [];
      });
      const free =
        governance === undefined ? Object.keys(config.profiles).filter((name) => !profiles.includes(name)) : [];
      const closed = looked.flatMap((each) =>
        'error' in each ? [{ server: each.server, why: each.error.message }] : [],
      );
      if (command.optsWithGlobals().json) printJson({ checks, withoutRules: free, closed });
      else print(showChecks(checks, free, closed));
      if (checks.some(hasErrors)) process.exitCode = 1;
    });
}
