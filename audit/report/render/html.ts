/** HTML that may stand in a page: made by `html` alone. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export type Part = Html | string | number | null | false | readonly Part[];

/**
 * HTML from a template: every value that is not HTML itself is escaped, so that no text from outside is markup,
 * between tags or in a quoted attribute.
 */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html =>
  new Html(strings.reduce((text, string, index) => text + textOf(parts[index - 1] ?? null) + string));

function textOf(part: Part): string {
  if (part === null || part === false) return '';
  if (part instanceof Html) return part.text;
  if (Array.isArray(part)) return (part as readonly Part[]).map(textOf).join('');
  return escaped(String(part));
}

/** Characters that hide text or change its direction show as �, as do those that HTML does not know. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

const escaped = (text: string): string =>
  text
    .replace(/[&<>"'`=]/g, (char) => `&#${char.charCodeAt(0)};`)
    .replace(UNSEEN, (char) => (/[\n\t]/.test(char) ? ' ' : '\uFFFD'));
