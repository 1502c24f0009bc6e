import { FINDINGS, type Finding } from '../verify/findings.ts';
import { limitsOf } from '../verify/limits.ts';
import type { Sealed, Verification } from '../verify/verify.ts';
import { byId, make, rowOf, table } from './elements.ts';

/** So many records are shown at once. */
const PAGE = 500;

/** Shows what a verification found, the verdict first. */
export function show(verification: Verification): void {
  const { isSound, log } = verification;
  const verdict = byId('verdict');
  verdict.className = isSound ? 'good' : 'bad';
  verdict.textContent = `${isSound ? 'Sound' : 'Not sound'}: ${
    log ? `${log.size} records` : 'nothing here is signed by a key you trust'
  }`;
  byId('signed').replaceChildren(signed(verification));
  byId('findings').replaceChildren(...findings(verification));
  byId('limits').replaceChildren(
    make('h3', isSound ? 'What this does not prove' : 'What a sound bundle would not prove either'),
    make(
      'ul',
      limitsOf(verification).map((each) => make('li', each)),
    ),
  );
  byId('records').replaceChildren(...records(verification));
  const result = byId('result');
  result.hidden = false;
  result.focus();
}

function signed({ log, files, opened }: Verification): HTMLElement {
  if (!log) return make('p');
  const said = [
    ['Log', log.origin],
    ['Records', String(log.size)],
    ['Root', log.root],
    ['Files checked', String(files)],
    ['Records opened', String(opened)],
  ] as const;
  return make(
    'dl',
    said.flatMap(([name, value]) => [make('dt', name), make('dd', value)]),
  );
}

function findings({ findings: all, counts }: Verification): readonly Node[] {
  if (all.length === 0) return [];
  const rows = all.map(({ code, path, seq, why }: Finding) => [
    `${FINDINGS[code].severity === 'broken' ? 'Wrong' : 'Not shown'}: ${code}`,
    seq === undefined ? '' : String(seq),
    path ?? '',
    `${FINDINGS[code].what}: ${why}`,
    FINDINGS[code].remedy,
  ]);
  const more = Object.values(counts).reduce((sum, count) => sum + count, 0) - all.length;
  return [
    make('h3', 'What was found'),
    table('Findings', ['Finding', 'Record', 'File', 'Why', 'What to do'], rows),
    ...(more > 0 ? [make('p', `And ${more} more of the same kinds.`)] : []),
  ];
}

function records({ sealed }: Verification): readonly Node[] {
  if (sealed.length === 0) return [];
  const shown = table('Records', ['No', 'At', 'Layer', 'Kind', 'Call', 'Who', 'In full'], []);
  const body = shown.querySelector('tbody')!;
  const more = make('button', 'Show more');
  let next = 0;
  const add = (): void => {
    const some = sealed.slice(next, next + PAGE);
    body.append(...some.map((each, at) => rowOf(cellsOf(each, next + at))));
    next += some.length;
    more.hidden = next >= sealed.length;
  };
  more.type = 'button';
  more.addEventListener('click', add);
  add();
  return [make('h3', 'Records'), shown, more];
}

function cellsOf({ leaf, record }: Sealed, seq: number): readonly (string | Node)[] {
  if (!leaf) return [String(seq), '', '', 'not a record', '', '', ''];
  const { at, layer, kind, call, standing } = leaf;
  const who = record?.by ?? (record ? '' : 'withheld');
  return [
    String(leaf.seq),
    at,
    layer,
    kind,
    call ?? '',
    standing === null ? who : `${who} (${standing})`,
    inFull(record ? 'record' : 'what is shown of it', record ?? leaf),
  ];
}

/** Its text is made when it is asked for. */
function inFull(title: string, value: object): HTMLElement {
  const details = make('details', [make('summary', title)]);
  details.addEventListener('toggle', () => {
    if (details.open && details.childElementCount === 1) details.append(make('pre', JSON.stringify(value, null, 2)));
  });
  return details;
}
