import { setTimeout as delay } from 'node:timers/promises';
import type { Accepted, Custody, SessionHandle } from '../../../client/index.ts';
import { hasNoWorker } from '../../../client/temporal/withWorker.ts';
import { print, printJson, remark } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import { shellWord, whereOf } from '../../io/shell.ts';
import type { Globals } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';

/** Gives a session one command and prints the state that it brought about. A refusal is an error by code. */
export async function steer(
  globals: Globals,
  id: string,
  give: (session: SessionHandle) => Promise<Accepted>,
): Promise<void> {
  const { state, record, deadlineAt, approval, persons } = await withCustody(globals, async (custody) => {
    const given = give(custody.session(id));
    await remarkOnWait(custody, given, globals);
    return given;
  });
  const asked = approval === undefined ? {} : { approval, persons };
  if (globals.json)
    return printJson({ id, state, record, ...(deadlineAt === undefined ? {} : { deadlineAt }), ...asked });
  if (approval !== undefined) return print(showAsked(id, approval, persons, whereOf(globals)));
  const until = deadlineAt === undefined ? '' : `, deadline ${deadlineAt}`;
  print(`${printable(id)}: ${state}${until} (record ${record})`);
}

function showAsked(id: string, approval: string, persons = 1, where: string): string {
  const others = persons === 1 ? 'another person approves' : `${persons} others approve`;
  const command = `custody approvals show ${shellWord(`${id}/${approval}`)}${where}`;
  return `${printable(id)}: it takes effect once ${others} it:\n  $ ${command}`;
}

/** Milliseconds after which the user is told what a command waits for. */
const PATIENCE = 3000;

/** Says what a command waits for, where it has no answer soon. */
async function remarkOnWait(
  { temporal, taskQueue }: Custody,
  given: Promise<unknown>,
  { json }: Globals,
): Promise<void> {
  const answered = given.then(
    () => true,
    () => true,
  );
  if ((await Promise.race([answered, delay(PATIENCE, false, { ref: false })])) || json) return;
  remark(
    (await hasNoWorker(temporal, taskQueue))
      ? `No worker polls the task queue '${taskQueue}' now; the command waits a while for one.`
      : `No answer yet from the workers of the task queue '${taskQueue}'; the command waits.`,
  );
}
