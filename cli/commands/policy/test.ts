import { print, printJson } from '../../io/output.ts';
import { examples } from '../../program.ts';
import type { PolicyGroup } from './group.ts';

export function addTest(policy: PolicyGroup): void {
  policy
    .command('test')
    .summary('run cases of calls against the rules')
    .description(
      'Decide the calls that files of cases describe, and compare with what they expect. No server is opened, no ' +
        'tool is called, and no Temporal is needed. Exit code 1 if a case fails.',
    )
    .argument('<file...>', 'YAML or JSON with cases: see docs/policy.md')
    .option('--config <file>', 'the operator file', './custody.yaml')
    .addHelpText('after', examples('custody policy test rules/cases.yaml', 'custody policy test cases/*.yaml --json'))
    .action(async (files, { config: path }, command) => {
      const [{ loadOperatorConfig }, { loadPolicyCases }, { runCase }, { profilesOf, readyPolicy }, { showCases }] =
        await Promise.all([
          import('../../../config/operator.ts'),
          import('../../../config/policyCases.ts'),
          import('../../../cedar/cases.ts'),
          import('../../policy/rules.ts'),
          import('../../render/policy/cases.ts'),
        ]);
      const config = await loadOperatorConfig(path);
      const results = [];
      for (const file of files) {
        const { profile, cases } = await loadPolicyCases(file, config);
        const [name = profile] = profilesOf(config, profile);
        const rules = await readyPolicy(config.policies[name]!);
        for (const each of cases) results.push(await runCase(rules, each));
      }
      const failed = results.filter(({ differences }) => differences.length > 0);
      const counts = { passed: results.length - failed.length, failed: failed.length };
      if (command.optsWithGlobals().json) printJson({ ...counts, cases: results });
      else print(showCases(failed, counts));
      if (failed.length > 0) process.exitCode = 1;
    });
}
