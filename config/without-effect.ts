import { listed } from '../protocol/values/text.ts';
import type { Governance } from '../protocol/governance.ts';
import type { GovernancePatch } from './schema/profile.ts';

/** Keys of a profile that are checked and kept, by the part of Custody that will give them an effect. */
export const COMES_WITH: {
  readonly [part: string]: { readonly [B in keyof Governance]?: readonly (keyof Governance[B])[] };
} = {
  reports: { onReport: ['summary', 'audit', 'compliance', 'financial'] },
};

/** A sentence for each part that is not there yet, of which a profile says something. */
export const withoutEffect = (patch: GovernancePatch): string[] =>
  Object.entries(COMES_WITH).flatMap(([part, blocks]) => {
    const written = Object.entries(blocks).flatMap(([block, keys]) =>
      keys.filter((key) => Object.hasOwn(patch[block as keyof Governance] ?? {}, key)).map((key) => `${block}.${key}`),
    );
    if (written.length === 0) return [];
    const are = written.length === 1 ? 'has no effect yet: it comes' : 'have no effect yet: they come';
    return [`${listed(written)} ${are} with the part on ${part}`];
  });
