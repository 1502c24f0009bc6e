/** Elements are made of text alone: nothing that a bundle holds is ever read as markup. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** A text from outside, with nothing in it that hides or changes direction. */
export const visible = (text: string): string =>
  text.replace(UNPRINTABLE, (char) => (char === '\n' ? char : `\\u{${char.codePointAt(0)!.toString(16)}}`));

/** The element of the page with an id. */
export const byId = <T extends HTMLElement = HTMLElement>(id: string): T => document.getElementById(id) as T;

/** An element with a text, or with others in it. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  content: string | readonly Node[] = [],
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (typeof content === 'string') element.textContent = visible(content);
  else element.append(...content);
  return element;
}

/** A table that can be scrolled, also by keyboard; cells are texts or elements. */
export function table(
  caption: string,
  heading: readonly string[],
  rows: readonly (readonly (string | Node)[])[],
): HTMLElement {
  const head = heading.map((title) => {
    const cell = make('th', title);
    cell.scope = 'col';
    return cell;
  });
  const body = make(
    'tbody',
    rows.map((row) => rowOf(row)),
  );
  const scroll = make('div', [make('table', [make('caption', caption), make('thead', [make('tr', head)]), body])]);
  scroll.className = 'scroll';
  scroll.tabIndex = 0;
  scroll.setAttribute('role', 'region');
  scroll.setAttribute('aria-label', caption);
  return scroll;
}

export const rowOf = (cells: readonly (string | Node)[]): HTMLElement =>
  make(
    'tr',
    cells.map((cell) => make('td', typeof cell === 'string' ? cell : [cell])),
  );
