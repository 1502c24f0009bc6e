import { examples, type Program } from '../../program.ts';

/** `custody audit`, to which its commands are added. */
export const createGroup = (program: Program) =>
  program
    .command('audit')
    .summary('read, check and seal what is on record of a session')
    .description('What is on record of a session, and whether it can be relied on. See docs/audit.md.')
    .addHelpText('after', examples('custody audit session-1', 'custody audit seal session-1 -o evidence/'));

export type AuditGroup = ReturnType<typeof createGroup>;
