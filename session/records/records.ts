import type { RecordBody } from '../../protocol/records.ts';
import { agentRecord } from '../agents/records.ts';
import { approvalRecord } from '../approvals/records.ts';
import { callRecord } from '../calls/records.ts';
import type { Event } from '../events.ts';
import { incidentRecord } from '../incidents/records.ts';
import { lifecycleRecord } from '../lifecycle/records.ts';
import { moneyRecord } from '../money/records.ts';
import { policyRecord } from '../policy/records.ts';
import { reportRecord } from '../reports/records.ts';
import { reviewRecord } from '../reviews/records.ts';
import { serverRecord } from '../servers/records.ts';
import { timeRecord } from '../time/records.ts';
import { undoRecord } from '../undo/records.ts';

/** What an event leaves in the audit trail; undefined where an event of the history shows it already. */
export const recordOf = (event: Event): RecordBody | undefined =>
  callRecord(event) ??
  lifecycleRecord(event) ??
  serverRecord(event) ??
  timeRecord(event) ??
  undoRecord(event) ??
  agentRecord(event) ??
  policyRecord(event) ??
  approvalRecord(event) ??
  moneyRecord(event) ??
  reportRecord(event) ??
  reviewRecord(event) ??
  incidentRecord(event);
