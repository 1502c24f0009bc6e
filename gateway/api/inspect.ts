import type { Completeness } from '../../audit/check/check.ts';
import type { Custody } from '../../client/custody.ts';
import type { Json } from '../../protocol/values/json.ts';

/** What the process looks up with parts that the gateway itself has not: rules, servers and lists of principals. */
export interface Inspect {
  /** As `custody audit check`, without a replay. @throws CustodyError SESSION_NOT_FOUND */
  check(custody: Custody, session: string): Promise<Completeness>;
  /** As `custody policy explain`. @throws CustodyError SESSION_NOT_FOUND, CALL_NOT_FOUND */
  explain(custody: Custody, session: string, callId: string): Promise<readonly Json[]>;
  /** As `custody policy coverage`; it may be some minutes old. */
  coverage(): Promise<Json>;
}
