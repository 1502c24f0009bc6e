import type { Completeness } from '../../../audit/check/check.ts';
import { findingText } from '../../../audit/prose/findings.ts';
import { Table } from '../../parts/Facts.tsx';
import { Said } from '../../parts/Said.tsx';

/** What was checked of a history, how much of it, and what was found. */
export const Checks = ({ of: { isWhole, checks } }: { readonly of: Completeness }) => (
  <>
    <p role="status">
      <strong>{isWhole ? 'It is whole' : 'It is not whole'}</strong>: what is missing or broken is named below, and
      notes tell what was not checked.
    </p>
    <Table caption="Checks" head={['Check', 'Counted', 'Found']}>
      {checks.map(({ name, counted, findings }) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td>
            {Object.entries(counted)
              .map(([what, n]) => `${n} ${what}`)
              .join(', ')}
          </td>
          <td>
            {findings.length === 0 ? 'nothing' : null}
            {findings.map((finding, at) => (
              <p key={at}>
                <strong>{finding.code}</strong> ({finding.severity}) <Said text={findingText(finding)} />
              </p>
            ))}
          </td>
        </tr>
      ))}
    </Table>
  </>
);
