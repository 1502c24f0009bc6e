import type { Layer, RecordBody } from '../../protocol/records.ts';
import type { ReportName } from '../../protocol/reports/names.ts';
import type { Event } from '../events.ts';
import { record } from '../records/record.ts';

const LAYER_OF: { readonly [of in ReportName]: Layer } = {
  summary: 'session',
  audit: 'execution',
  compliance: 'compliance',
  financial: 'compliance',
};

/** Reports, on record. */
export const reportRecord = (event: Event): RecordBody | undefined =>
  event.type === 'reported'
    ? record(LAYER_OF[event.of], 'report', { of: event.of, figures: event.figures })
    : undefined;
