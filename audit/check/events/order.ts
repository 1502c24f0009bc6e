import { type Finding, finding, type GivenRun, idOf } from '../finding.ts';

/**
 * Are the ids of a run whole and in order: 1 to N, without gap, repeat or swap? And Temporal's numbers of its tasks,
 * which who gives events new ids has to think of too.
 */
export function checkOrder({ runId: run, events }: GivenRun): readonly Finding[] {
  const findings: Finding[] = [];
  let [id, task] = [0, 0n];
  for (const event of events) {
    const next = idOf(event);
    const at = { run, events: [next] };
    if (next === id) findings.push(finding('EVENT_REPEATED', {}, at));
    else if (next < id) findings.push(finding('EVENT_MOVED', { after: id }, at));
    else if (next > id + 1) findings.push(finding('EVENT_GAP', { from: id + 1, to: next - 1 }, at));
    id = next;
    const number = taskOf(event.taskId);
    if (number === 0n) continue;
    if (number <= task) findings.push(finding('TASK_ORDER', { after: String(task) }, at));
    task = number;
  }
  return findings;
}

/** 64 bits; 0 where the file has none. */
function taskOf(taskId: unknown): bigint {
  const text = String(taskId ?? 0);
  return /^\d{1,19}$/.test(text) ? BigInt(text) : 0n;
}
