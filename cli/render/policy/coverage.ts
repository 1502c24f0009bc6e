import { printable } from '../../io/printable.ts';
import type { ProfileCoverage } from '../../policy/cover.ts';
import { bold, mark } from '../style.ts';
import { table } from '../table.ts';

const DEFAULTS = { allow: 'allowed', deny: 'denied', none: 'allowed, since it has no rules' } as const;
const MARKS = { unguarded: 'irreversible, and no rule speaks for it', denied: 'always denied: no rule can allow it' };

/** `custody policy coverage` in words. */
export const showCoverage = (
  covers: readonly ProfileCoverage[],
  closed: readonly { readonly server: string; readonly why: string }[],
): string =>
  [
    ...closed.map(
      ({ server, why }) => `${mark('warn')}  server ${printable(server)} was not opened: ${printable(why)}`,
    ),
    ...covers.map(showProfile),
  ].join('\n\n');

function showProfile({ profile, default: otherwise, mode, tools }: ProfileCoverage): string {
  const rows = tools.map((tool) => [
    tool.action,
    tool.effect,
    tool.permits.join(', '),
    tool.forbids.join(', '),
    tool.approvals.join(', '),
    tool.trials.join(', '),
    tool.mark === null ? '' : MARKS[tool.mark],
  ]);
  const trial = mode === 'log-only' ? ' The whole set is on trial: nothing is denied.' : '';
  const head = `${bold(printable(profile))}: what no rule speaks for is ${DEFAULTS[otherwise]}.${trial}`;
  return `${head}\n${table(['TOOL', 'EFFECT', 'PERMIT', 'FORBID', 'APPROVAL', 'ON TRIAL', 'REMARK'], rows, '  ')}`;
}
