import { LAYERS } from '../../protocol/records.ts';
import type { AuditReport, Reports } from '../../protocol/reports/reports.ts';
import type { ReportName } from '../../protocol/reports/names.ts';
import type { Tally } from '../../protocol/reports/tally.ts';
import type { SessionView } from '../../protocol/view.ts';

/** The figures of one report, as the session stands in a view; undefined where it makes none. */
export function figuresOf<N extends ReportName>(view: SessionView, name: N): Reports[N] | undefined {
  const { tally, reports } = view;
  if (!tally || !reports.includes(name)) return undefined;
  return MAKE[name](view, tally);
}

const MAKE: { readonly [N in ReportName]: (view: SessionView, tally: Tally) => Reports[N] } = {
  summary(view, { outcomes }) {
    const { agent, profile, labels, startedBy, startedAt, deadlineAt, state, code, reason, parent } = view;
    const { restarts, checkpoints, effects, used, openCalls } = view;
    return {
      agent,
      profile,
      labels,
      startedBy,
      startedAt,
      deadlineAt,
      state,
      code,
      reason,
      parent,
      restarts,
      checkpoints: checkpoints.length,
      effects,
      calls: { taken: used.calls, outcomes, open: openCalls.length },
    };
  },
  audit: (_, tally) => ({ layers: layersOf(tally) }),
  compliance: ({ refusals, openCalls, approvals, reviews, incidents }, tally) => ({
    records: layersOf(tally).compliance,
    refusals,
    open: {
      inDoubt: openCalls.filter(({ phase }) => phase === 'in_doubt').length,
      approvals: approvals.length,
      reviews: reviews?.open.length ?? 0,
      incidents: incidents.filter(({ closed }) => closed === null).length,
    },
    objections: reviews?.objections ?? 0,
  }),
  financial({ money }) {
    if (!money) return null;
    const { limit, spent, reserved, free, overrun, toppedUp, parts, byName, excess, delays, ofParent, prices } = money;
    return { limit, spent, reserved, free, overrun, toppedUp, parts, byName, excess, delays, ofParent, prices };
  },
};

function layersOf({ kinds }: Tally): AuditReport['layers'] {
  const of = (layer: string) =>
    Object.fromEntries(
      Object.entries(kinds).flatMap(([kind, { layer: its, ...cited }]) => (its === layer ? [[kind, cited]] : [])),
    );
  return Object.fromEntries(LAYERS.map((layer) => [layer, of(layer)])) as AuditReport['layers'];
}
