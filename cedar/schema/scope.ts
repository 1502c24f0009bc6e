import type { EntityUidJson, PolicyJson } from '@cedar-policy/cedar-wasm/nodejs';
import type { Rule } from '../rules.ts';
import type { Action, Catalog } from './catalog.ts';

/** The actions that a rule is about by its scope: `action` and `resource` in its head. */
export function scopeOf({ json }: Rule, { actions }: Catalog): readonly Action[] {
  const named = namedActions(json);
  const about = named ? named.flatMap((id) => actions.get(id) ?? []) : [...actions.values()];
  const server = namedServer(json);
  return server === undefined ? about : about.filter((action) => action.server === server);
}

/** Ids of the actions that the head of a rule names; undefined where it leaves them open. */
export function namedActions({ action }: PolicyJson): readonly string[] | undefined {
  if (action.op === 'All') return undefined;
  if (action.op === '==') return 'entity' in action ? [idOf(action.entity)] : [];
  return ('entities' in action ? action.entities : [action.entity]).map(idOf);
}

/** The server that the head of a rule names. */
export function namedServer({ resource }: PolicyJson): string | undefined {
  return (resource.op === '==' || resource.op === 'in') && 'entity' in resource ? idOf(resource.entity) : undefined;
}

export const idOf = (entity: EntityUidJson): string => ('__entity' in entity ? entity.__entity.id : entity.id);
