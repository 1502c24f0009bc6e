/** Lines around a change that are shown. */
const AROUND = 3;
/** Beyond so many pairs of lines a text is shown as replaced: comparing them all would take too long. */
const PAIRS = 4_000_000;

interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

/** What changes between two texts, line by line, with some lines around; empty where they are the same. */
export function unified(before: string, after: string): readonly string[] {
  if (before === after) return [];
  const lines = compare(linesOf(before), linesOf(after));
  const isNear = lines.map((_, index) => lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(isChange));
  return lines.flatMap(({ sign, text }, index) => {
    if (!isNear[index]) return [];
    const isFirst = !isNear[index - 1];
    return [...(isFirst ? [placeOf(lines, index)] : []), `${sign}${text}`];
  });
}

const isChange = ({ sign }: Line): boolean => sign !== ' ';

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.split('\n'));

/** Where a group of lines begins, in each of the texts. */
function placeOf(lines: readonly Line[], index: number): string {
  const count = (other: Line['sign']): number => lines.slice(0, index).filter(({ sign }) => sign !== other).length + 1;
  return `@@ -${count('+')} +${count('-')} @@`;
}

/** Of what both texts begin and end with nothing changes; between, the longest common sequence of lines stays. */
function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) head += 1;
  let tail = 0;
  while (tail < most - head && before.at(-1 - tail) === after.at(-1 - tail)) tail += 1;
  const same = (text: string): Line => ({ sign: ' ', text });
  const [old, next] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  return [...before.slice(0, head).map(same), ...between(old, next), ...after.slice(after.length - tail).map(same)];
}

function between(old: readonly string[], next: readonly string[]): readonly Line[] {
  const removed = old.map((text): Line => ({ sign: '-', text }));
  const added = next.map((text): Line => ({ sign: '+', text }));
  if (old.length * next.length === 0 || old.length * next.length > PAIRS) return [...removed, ...added];
  const width = next.length + 1;
  // Longest common sequence of what follows each pair of places.
  const longest = new Uint32Array((old.length + 1) * width);
  const at = (i: number, j: number): number => longest[i * width + j] ?? 0;
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = next.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = old[i] === next[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < old.length && j < next.length) {
    if (old[i] === next[j]) {
      lines.push({ sign: ' ', text: old[i] ?? '' });
      [i, j] = [i + 1, j + 1];
    } else if (at(i + 1, j) >= at(i, j + 1)) lines.push(removed[i++] as Line);
    else lines.push(added[j++] as Line);
  }
  return [...lines, ...removed.slice(i), ...added.slice(j)];
}
