import { examples, type Program } from '../../program.ts';

/** `custody policy`, to which its commands are added. */
export const createGroup = (program: Program) =>
  program
    .command('policy')
    .summary('check, test, explain and try out the rules that decide calls')
    .description(
      'The rules that decide calls, in Cedar: check them against the servers, test them with cases, explain what ' +
        'they said of a call, and try others on calls that were made. See docs/policy.md.',
    )
    .addHelpText('after', examples('custody policy check', 'custody policy explain session-1 draft-1'));

export type PolicyGroup = ReturnType<typeof createGroup>;
