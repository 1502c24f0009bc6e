import type { Custody } from '../../../client/custody.ts';
import { CustodyError } from '../../../protocol/errors.ts';
import type { CommandReply } from '../../../workflows/messages.ts';
import { print, printJson } from '../../io/output.ts';
import { printable } from '../../io/printable.ts';
import type { Globals } from '../../program.ts';
import { withCustody } from '../../withCustody.ts';

/** Gives a session one command and prints the state that it brought about. A refusal is an error by code. */
export async function steer(
  globals: Globals,
  id: string,
  give: (custody: Custody) => Promise<CommandReply>,
): Promise<void> {
  const reply = await withCustody(globals, give);
  if (!reply.ok) throw new CustodyError(reply.refusal.code, reply.refusal.message);
  if (globals.json) return printJson({ id, state: reply.state, record: reply.record });
  print(`${printable(id)}: ${reply.state} (record ${reply.record})`);
}
