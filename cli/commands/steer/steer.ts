import type { Accepted, SessionHandle } from '../../../client/index.ts';
import { print, printJson } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import type { Globals } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';

/** Gives a session one command and prints the state that it brought about. A refusal is an error by code. */
export async function steer(
  globals: Globals,
  id: string,
  give: (session: SessionHandle) => Promise<Accepted>,
): Promise<void> {
  const { state, record, deadlineAt } = await withCustody(globals, (custody) => give(custody.session(id)));
  if (globals.json) return printJson({ id, state, record, ...(deadlineAt === undefined ? {} : { deadlineAt }) });
  const until = deadlineAt === undefined ? '' : `, deadline ${deadlineAt}`;
  print(`${printable(id)}: ${state}${until} (record ${record})`);
}
