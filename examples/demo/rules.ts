import type { Custody } from '../../client/index.ts';
import { act } from './print.ts';

/** The rules of the demo, in Cedar. */
export const RULES = `
@id("markdown") @says("Write a .md file instead.")
forbid(principal, action == Action::"files.write_file", resource) unless { context.args.path like "*.md" };

@id("published") @approval @says("A second person reads it.")
forbid(principal, action == Action::"files.write_file", resource) when { context.args.path == "published.md" };
`;

/** A rule denies a call, and says what to do instead; another has a second person look at one before it is made. */
export async function decide(custody: Custody, id: string): Promise<void> {
  const session = custody.session(id);
  const text = { path: 'published.txt', content: 'A first line.' };
  const denied = await session.call('files.write_file', text, { callId: 'as-text' });
  if (denied.error?.code !== 'POLICY_DENIED') throw new Error(`The call was not denied: ${denied.outcome}.`);
  const published = session.call('files.write_file', { ...text, path: 'published.md' }, { callId: 'publish' });
  const second = custody.as('ann').session(id).approvals;
  const approval = await asked(second);
  act(`custody approve ${id}/${approval.id} --digest ${approval.digest.slice(0, 16)}…`, 'by ann, a second person');
  await second.approve(approval.id, approval.digest, { reason: 'read and found well' });
  const { outcome } = await published;
  if (outcome !== 'succeeded') throw new Error(`The call that was approved ended as ${outcome}.`);
}

async function asked(approvals: ReturnType<Custody['session']>['approvals']) {
  for (let end = Date.now() + 30_000; Date.now() < end; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const [first] = await approvals.list();
    if (first) return first;
  }
  throw new Error('Nobody was asked within half a minute.');
}
