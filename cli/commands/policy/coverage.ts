import { print, printJson } from '../../io/output.ts';
import { examples } from '../../program.ts';
import type { PolicyGroup } from './group.ts';

export function addCoverage(policy: PolicyGroup): void {
  policy
    .command('coverage')
    .summary('list which rules can apply to each tool')
    .description(
      'Open the servers of the operator file, and list for each of their tools its effect class, the rules that can ' +
        'apply to it, and what holds where none does. Tools with an effect that nothing takes back, and for which no ' +
        'rule speaks, are marked. No tool is called, and no Temporal is needed.',
    )
    .option('--config <file>', 'the operator file', './custody.yaml')
    .option('--governance <profile>', 'only the rules of this profile')
    .addHelpText('after', examples('custody policy coverage', 'custody policy coverage --governance standard --json'))
    .action(async ({ config: path, governance }, command) => {
      const [{ loadOperatorConfig }, { lookAt }, { catalogFor }, { coverProfile }, { profilesOf }, { showCoverage }] =
        await Promise.all([
          import('../../../config/operator.ts'),
          import('../../servers/look.ts'),
          import('../../policy/catalog.ts'),
          import('../../policy/cover.ts'),
          import('../../policy/rules.ts'),
          import('../../render/policy/coverage.ts'),
        ]);
      const config = await loadOperatorConfig(path);
      const profiles = governance === undefined ? Object.keys(config.profiles) : profilesOf(config, governance);
      const looked = await lookAt(config);
      const catalog = catalogFor(config, looked);
      const covers = profiles.map((profile) => coverProfile(profile, config.policies[profile], catalog));
      const closed = looked.flatMap((each) =>
        'error' in each ? [{ server: each.server, why: each.error.message }] : [],
      );
      if (command.optsWithGlobals().json) printJson({ profiles: covers, closed });
      else print(showCoverage(covers, closed));
      if (closed.length > 0) process.exitCode = 1;
    });
}
