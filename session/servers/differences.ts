import type { ServerPin } from '../../protocol/calls/call.ts';
import type { PinnedPolicy } from '../policy/state.ts';
import type { Session } from '../session.ts';

/** What was found when the servers of a session were opened. */
interface Found {
  readonly profileHash: string;
  readonly policy?: PinnedPolicy;
  readonly servers: { readonly [name: string]: ServerPin };
}

/** Of what changed, so many names are shown. */
const SHOWN = 10;

/** Names what is not as it was pinned: the profile, `server` (its configuration), `server.tool` (its definition). */
export function differ(session: Session, { profileHash, policy, servers }: Found): readonly string[] {
  const profile = profileHash === session.profileHash ? [] : [`profile ${session.spec.profile}`];
  const rules = policy?.hash === session.policy?.hash ? [] : [`rules of profile ${session.spec.profile}`];
  const names = Object.entries(session.servers).flatMap(([name, pin]) =>
    differences(name, pin, Object.hasOwn(servers, name) ? servers[name] : undefined),
  );
  return [...profile, ...rules, ...names];
}

/** Names what of a server is not as it was pinned. */
export function differences(name: string, pin: ServerPin | undefined, now: ServerPin | undefined): readonly string[] {
  const configuration = !now || now.configHash !== pin?.configHash ? [`configuration of ${name}`] : [];
  return now && pin ? [...configuration, ...toolsThatDiffer(name, pin, now)] : configuration;
}

/** What changed, in words. */
export function changed(names: readonly string[]): string {
  const more = names.length > SHOWN ? ` and ${names.length - SHOWN} more` : '';
  return `changed since it was pinned: ${names.slice(0, SHOWN).join(', ')}${more}`;
}

function toolsThatDiffer(server: string, before: ServerPin, now: ServerPin): readonly string[] {
  const all = new Set([...Object.keys(before.tools), ...Object.keys(now.tools)]);
  const pinOf = ({ tools }: ServerPin, tool: string) => (Object.hasOwn(tools, tool) ? tools[tool] : undefined);
  return [...all].flatMap((tool) => {
    const [was, is] = [pinOf(before, tool), pinOf(now, tool)];
    if (was?.hash === is?.hash && was?.effect === is?.effect) return [];
    return [`${server}.${tool}${was ? (is ? '' : ' (gone)') : ' (new)'}`];
  });
}
