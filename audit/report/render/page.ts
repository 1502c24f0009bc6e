import { counted } from '../../../protocol/values/text.ts';
import type { Citation, Figure, Listed, Report, Row, Section, Source } from '../model.ts';
import { Html, html } from './html.ts';
import { plotOf } from './plot.ts';
import { checkpointText, CITES, rangesOf, sharedBy, shown, titleOf } from './shown.ts';
import { STYLE } from './style.ts';

/** A report as one HTML page: no script, nothing that is loaded. */
export function htmlOf(report: Report): string {
  const { kind, sources, sections, listed, unlisted } = report;
  const title = `${titleOf(kind)}: ${sources.length === 1 ? sources[0]!.session : counted(sources.length, 'session')}`;
  const page = new Page(report);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${title}</title>
        <style>
          ${new Html(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${title}</h1>
          <p class="note">Made from records alone, and from nothing else. ${CITES}</p>
        </header>
        <main>
          ${sources.map(source)} ${sections.map((section) => page.section(section))}
          <section id="records">
            <h2>Records</h2>
            <p class="note">Those that are cited above${unlisted > 0 ? `, but for ${unlisted} more` : ''}.</p>
            ${listed.length > 0 && page.records(listed)}
          </section>
        </main>
      </body>
    </html> `.text;
}

function source({ session, records, withheld, from, to, checkpoint }: Source): Html {
  const under = checkpoint && `, under the checkpoint of ${checkpointText(checkpoint)}`;
  const some = withheld > 0 && `, ${withheld} of them withheld`;
  return html`<p class="source">
    <b>${session}</b>: ${counted(records, 'record')}${some} from ${from} to ${to}${under}
  </p>`;
}

/** What links a citation to its record. */
class Page {
  readonly #index: ReadonlyMap<string, number>;
  readonly #listed: ReadonlySet<string>;
  readonly #isOne: boolean;

  constructor({ sources, listed }: Report) {
    this.#index = new Map(sources.map(({ session }, index) => [session, index]));
    this.#listed = new Set(listed.map(({ session, record }) => this.#idOf(session, record)));
    this.#isOne = sources.length === 1;
  }

  #idOf(session: string, record: number): string {
    return `r${this.#index.get(session) ?? 'x'}-${record}`;
  }

  section({ id, title, note, columns, rows, plot, isAlarming }: Section): Html {
    return html`<section id="${id}" class="${isAlarming === true && 'alarming'}">
      <h2>${title}</h2>
      <p class="note">${note}</p>
      ${plot && rows.length > 0 ? plotOf(plot, title) : null}
      ${
        rows.length === 0
          ? html`<p class="none">None.</p>`
          : html`<div class="wide">
              <table>
                <thead>
                  <tr>
                    ${[...columns, 'Records'].map((each) => html`<th>${each}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${rows.map((row) => this.#row(row))}
                </tbody>
              </table>
            </div>`
      }
    </section>`;
  }

  #row(row: Row): Html {
    const shared = sharedBy(row);
    return html`<tr>
      <th scope="row">${row.name}</th>
      ${row.figures.map((each) => this.#cell(each, !shared))}
      <td>${shared ? this.#cites(shared) : null}</td>
    </tr>`;
  }

  #cell(figure: Figure, isAlone: boolean): Html {
    const isNumber = typeof figure.value === 'number';
    return html`<td class="${isNumber ? 'number' : figure.unit === 'instant' && 'instant'}">
      ${shown(figure)}${isAlone ? this.#cites(figure.records) : null}
    </td>`;
  }

  #cites(records: readonly Citation[]): Html | null {
    const parts = records.flatMap(({ session, records: those }) =>
      rangesOf(those).map((range, index) => {
        const first = Number.parseInt(range, 10);
        const id = this.#idOf(session, first);
        const name = `${this.#isOne || index > 0 ? '' : `${session} `}${range}`;
        return this.#listed.has(id) ? html`<a href="#${id}">${name}</a> ` : html`${name} `;
      }),
    );
    if (parts.length === 0) return null;
    if (parts.length <= FEW) return html`<small class="cites">${parts}</small>`;
    const sum = records.reduce((total, { records: those }) => total + those.length, 0);
    return html`<details class="cites">
      <summary>${counted(sum, 'record')}</summary>
      ${parts}
    </details>`;
  }

  records(listed: readonly Listed[]): Html {
    return html`<div class="wide">
      <table class="records">
        <thead>
          <tr>
            ${['Record', 'No.', 'At', 'Kind', 'By', 'Says', 'Events'].map((each) => html`<th>${each}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${listed.map((each) => this.#record(each))}
        </tbody>
      </table>
    </div>`;
  }

  #record({ session, record, n, at, run, events, layer, kind, by, standing, text }: Listed): Html {
    const who = by === null ? '' : `${by}${standing === null ? '' : ` (${standing})`}`;
    const place = `${this.#isOne ? '' : `${session} `}${record}`;
    return html`<tr id="${this.#idOf(session, record)}">
      <th scope="row">${place}</th>
      <td class="number">${n}</td>
      <td>${at}</td>
      <td>${layer} ${kind}</td>
      <td>${who}</td>
      <td class="says">${text}</td>
      <td title="run ${run}">${events.join(', ')}</td>
    </tr>`;
  }
}

/** Ranges that stand beside a figure as they are. */
const FEW = 6;
