import { usd } from '../../data/words.ts';
import { Table } from '../../parts/Facts.tsx';
import { Said } from '../../parts/Said.tsx';
import { visible } from '../../../audit/page/elements.ts';
import { largest, type Sum, total } from './sums.ts';

const ROW = 22;
const WIDTH = 1000;
const LABEL = 330;

/** Bars on one scale, and the numbers beneath. @param parts what each of the parts of a bar is */
export function Plot(props: {
  readonly id: string;
  readonly title: string;
  readonly parts: readonly string[];
  readonly sums: readonly Sum[];
}) {
  const { id, title, parts } = props;
  const sums = largest(props.sums);
  const most = Math.max(...sums.map(total), 1);
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {sums.length === 0 ? (
        <p>Nothing was spent.</p>
      ) : (
        <>
          <svg
            class="plot"
            viewBox={`0 0 ${WIDTH} ${sums.length * ROW + 4}`}
            role="img"
            aria-label={`${title}, as bars`}
          >
            {sums.map((sum, index) => (
              <Bars key={sum.name} of={sum} y={index * ROW} scale={(WIDTH - LABEL) / most} />
            ))}
          </svg>
          {parts.length > 1 && (
            <p class="legend">
              {parts.map((name, index) => (
                <span key={name}>
                  <i class={`swatch part${index}`} aria-hidden="true" /> {name}{' '}
                </span>
              ))}
            </p>
          )}
          <details>
            <summary>The numbers</summary>
            <Table caption={title} head={['', ...parts]}>
              {sums.map((sum) => (
                <tr key={sum.name}>
                  <th scope="row">
                    <Said text={sum.name} />
                  </th>
                  {sum.parts.map((part, index) => (
                    <td key={index} class="number">
                      {usd(part)}
                    </td>
                  ))}
                </tr>
              ))}
            </Table>
          </details>
        </>
      )}
    </section>
  );
}

function Bars({ of, y, scale }: { readonly of: Sum; readonly y: number; readonly scale: number }) {
  let x = LABEL;
  return (
    <g>
      <text x={LABEL - 8} y={y + 15} text-anchor="end" class="label">
        {visible(of.name).slice(0, 42)}
      </text>
      {of.parts.map((part, index) => {
        const width = part * scale;
        x += width;
        return (
          <rect key={index} class={`part${index}`} x={x - width} y={y + 3} width={Math.max(width, 0)} height={ROW - 6}>
            <title>{usd(part)}</title>
          </rect>
        );
      })}
    </g>
  );
}
