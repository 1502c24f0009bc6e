import { type Finding, finding } from '../finding.ts';
import { ENDINGS, type Typed } from './kinds.ts';

/** Does a run begin with its start, and end once, or is it told to be open? @param isOpen it is told so */
export function checkEnds(run: string, events: readonly Typed[], isOpen: boolean): readonly Finding[] {
  const findings: Finding[] = [];
  const starts = events.filter(({ kind }) => kind === 'workflowExecutionStarted');
  const [first] = events;
  if (first?.kind !== 'workflowExecutionStarted' || starts.length > 1) {
    const ids = (starts.length > 1 ? starts : first ? [first] : []).map(({ id }) => id);
    findings.push(finding('RUN_BEGINNING', { starts: starts.length }, { run, events: ids }));
  }
  const end = events.findIndex(({ kind }) => ENDINGS.has(kind));
  const last = events.at(-1)?.id ?? 0;
  if (end < 0) findings.push(finding(isOpen ? 'RUN_STILL_OPEN' : 'RUN_OPEN', { last }, { run, events: [last] }));
  else if (end < events.length - 1) {
    const after = events.slice(end + 1).map(({ id }) => id);
    findings.push(finding('RUN_AFTER_END', { end: events[end]?.id ?? 0 }, { run, events: after.slice(0, 20) }));
  }
  return findings;
}
