import { type Asked, AskedCalls } from '../../../audit/asked.ts';
import type { CallView, SessionView } from '../../../protocol/view.ts';
import type { Context } from '../../context.ts';
import { pagesBack } from '../../temporal/history.ts';
import { describeSession } from '../describe.ts';

/** Pages of the history that are read, from its end, and events of each: some hundreds of calls. */
const PAGES = 20;
const EVENTS = 200;

/** A call of a tool, with what was asked; `asked` is undefined where it stands further back in the history. */
export interface RecentCall extends CallView {
  readonly asked: Omit<Asked, 'callId'> | undefined;
}

/** A session as it is, and its last calls of tools but those that undo, oldest first. */
export async function recentCalls(
  context: Context,
  id: string,
  most: number,
): Promise<{ readonly view: SessionView; readonly calls: readonly RecentCall[] }> {
  const view = await describeSession(context, id);
  const isTold = ({ method, callId }: CallView): boolean => method === undefined && !callId.startsWith('undo/');
  const last = view.calls.filter(isTold).slice(-most);
  const asked = new AskedCalls();
  const isFound = (): boolean => last.every(({ callId }) => asked.hasBegun(callId));
  // How the session stands is told in any case.
  await readBack(context, id, asked, isFound).catch(() => undefined);
  const calls = last.map((call) => {
    const found = asked.of(call.callId);
    return { ...call, asked: found && { at: found.at, args: found.args } };
  });
  return { view, calls };
}

/** Reads the history of a session from its end, until all is found that is wanted. */
async function readBack({ client }: Context, id: string, asked: AskedCalls, isFound: () => boolean): Promise<void> {
  if (isFound()) return;
  let pages = 0;
  for await (const events of pagesBack(client, id, EVENTS)) {
    for (const event of events) asked.read(event);
    pages += 1;
    if (pages === PAGES || isFound()) return;
  }
}
