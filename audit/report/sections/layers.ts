import { LAYERS } from '../../../protocol/records.ts';
import { all, counting, grouped, type Known } from '../facts.ts';
import type { Row, Section } from '../model.ts';

/** What is on record, by layer and kind. */
export function layers(known: readonly Known[]): Section {
  const kinds = [...grouped(all(known), ({ record }) => `${record.layer} ${record.kind}`)];
  return {
    id: 'layers',
    title: 'On record',
    note: 'Records by layer and kind.',
    columns: ['Layer and kind', 'Records'],
    rows: LAYERS.flatMap((layer) =>
      kinds
        .filter(([name]) => name.startsWith(`${layer} `))
        .map(([name, those]): Row => ({ name, figures: [counting(those)] })),
    ),
  };
}
