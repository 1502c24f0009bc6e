import { REPORTS } from '../../protocol/reports/names.ts';
import type { Event } from '../events.ts';
import { isEnded } from '../lifecycle/states.ts';
import type { Session } from '../session.ts';
import { viewOf } from '../view/view.ts';
import { figuresOf } from './figures.ts';

/** Makes the reports that `onReport` names, once a session has ended and its account is closed. */
export function report(session: Session, now: number): readonly Event[] {
  const { state, reporting, account } = session;
  if (reporting !== 'counting' || !isEnded(state) || (account && account.at.length > 0)) return [];
  const view = viewOf(session, 0, now);
  return REPORTS.flatMap((of): readonly Event[] => {
    const figures = figuresOf(view, of);
    return figures === undefined ? [] : [{ type: 'reported', of, figures }];
  });
}
