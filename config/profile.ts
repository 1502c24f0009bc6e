import { DEFAULTS, type Governance } from '../protocol/governance.ts';
import { readDocument } from './document/document.ts';
import { located, problemsError } from './document/problems.ts';
import { profileHash } from './profile-hash.ts';
import { profileSchema, type GovernancePatch } from './schema/profile.ts';
import { checkDocument } from './document/check-document.ts';

/** A governance profile under its name in custody.yaml. */
export interface Profile {
  readonly name: string;
  readonly governance: Governance;
  /** See `profileHash`. */
  readonly hash: string;
}

/**
 * The governance profile in a YAML or JSON text, completed with defaults.
 * @param filename for messages only
 * @throws CustodyError PROFILE_INVALID with every problem, its line and column
 */
export function parseProfile(text: string, filename: string): Governance {
  const document = readDocument(text, filename);
  const checked = checkDocument(document, profileSchema);
  if (checked.problems) throw problemsError('PROFILE_INVALID', located(document, checked.problems));
  return complete(checked.value);
}

export const toProfile = (name: string, governance: Governance): Profile => ({
  name,
  governance,
  hash: profileHash(governance),
});

/** What is not said has its default; two defaults depend on what is said. */
export function complete(patch: GovernancePatch): Governance {
  const timeout = patch.session?.timeout ?? DEFAULTS.session.timeout;
  return {
    session: { ...DEFAULTS.session, warning: defaultWarning(timeout), ...patch.session },
    approvals: { ...DEFAULTS.approvals, ...patch.approvals },
    reviews: { ...DEFAULTS.reviews, ...patch.reviews },
    onTimeout: { ...DEFAULTS.onTimeout, ...(patch.onTimeout?.rollback && { pause: false }), ...patch.onTimeout },
    onRestart: { ...DEFAULTS.onRestart, ...patch.onRestart },
    cost: { ...DEFAULTS.cost, ...patch.cost },
    onCostAlert: { ...DEFAULTS.onCostAlert, ...patch.onCostAlert },
    incidents: { ...DEFAULTS.incidents, ...patch.incidents },
    onIncident: { ...DEFAULTS.onIncident, ...patch.onIncident },
    scan: { ...DEFAULTS.scan, ...patch.scan },
    onReport: { ...DEFAULTS.onReport, ...patch.onReport },
    proof: { ...DEFAULTS.proof, ...patch.proof },
  };
}

/** Milliseconds: the default of `session.warning`, or a tenth of a timeout that is no longer than that. */
export const defaultWarning = (timeout: number): number =>
  timeout > DEFAULTS.session.warning ? DEFAULTS.session.warning : Math.round(timeout / 10);
