import type { OutsideName } from '../commands.ts';
import { listed } from '../values/text.ts';
import { type Role, ROLES } from './standing.ts';

/** What somebody can do to a session: its commands, and what begins one or brings it back. */
export type Act = OutsideName | 'start' | 'fork' | 'recover';

interface Rule {
  /** A proven actor needs one of these. Of an actor that is claimed nobody knows the role. */
  readonly roles: readonly Role[];
  /** Does it need a proven actor, where the profile does not say? Null where none can be asked for. */
  readonly proof: boolean | null;
}

/** Who may do what, and for what the actor must be proven. docs/identity.md shows it, by test. */
export const ACTS = {
  start: { roles: ['operator', 'agent'], proof: false },
  fork: { roles: ['operator'], proof: false },
  recover: { roles: ['operator'], proof: true },
  pause: { roles: ROLES, proof: null },
  resume: { roles: ['operator'], proof: true },
  checkpoint: { roles: ['operator', 'agent'], proof: false },
  rollback: { roles: ['operator'], proof: true },
  extend: { roles: ['operator'], proof: true },
  topUp: { roles: ['operator'], proof: true },
  closeIncident: { roles: ['operator'], proof: true },
  complete: { roles: ['operator', 'agent'], proof: false },
  cancel: { roles: ['operator'], proof: false },
  resolve: { roles: ['operator'], proof: true },
  respond: { roles: ['operator', 'agent'], proof: false },
  approve: { roles: ['approver'], proof: true },
  reject: { roles: ['approver'], proof: true },
  review: { roles: ['approver', 'auditor'], proof: true },
  attach: { roles: ['agent'], proof: false },
  saveState: { roles: ['agent'], proof: false },
  record: { roles: ['agent'], proof: false },
  heartbeat: { roles: ['agent'], proof: null },
  call: { roles: ['agent'], proof: null },
} as const satisfies { readonly [act in Act]: Rule };

/** Those for which a profile says whether the actor must be proven. */
export type ProvenAct = { [act in Act]: (typeof ACTS)[act]['proof'] extends null ? never : act }[Act];

export const PROVEN_ACTS = (Object.keys(ACTS) as Act[]).filter(
  (act): act is ProvenAct => (ACTS[act] as Rule).proof !== null,
);

export const mayAct = (act: Act, roles: readonly Role[]): boolean =>
  (ACTS[act] as Rule).roles.some((role) => roles.includes(role));

export const roleMissing = (act: Act, actor: string, roles: readonly Role[]): string =>
  needsRole(act, ACTS[act].roles, actor, roles);

/** That somebody has none of the roles that an act needs. */
export const needsRole = (act: string, needed: readonly Role[], actor: string, roles: readonly Role[]): string =>
  `'${act}' needs the role ${needed.join(' or ')}, and '${actor}' has ${listed(roles) || 'none'}.`;
