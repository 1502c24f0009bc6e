import type { Told } from '../told.ts';

/** Characters of a text in a chat: the rest stands in the session. */
const LONGEST = 2000;

const TITLES: { readonly [kind: string]: string } = {
  notify: 'Notice',
  'approval-asked': 'Approval asked',
  'review-asked': 'Review asked',
  ended: 'Session ended',
};

/** What a chat shows of a notice: plain texts, none of which may become a link, a mention or a format there. */
export interface ChatTexts {
  readonly title: string;
  readonly text: string;
  readonly facts: readonly string[];
}

export function chatTexts({ session, about, notice, kind, text }: Told): ChatTexts {
  const { agent, profile } = about;
  const facts = [`session ${session}`, `agent ${agent}`, `profile ${profile}`, new Date(notice.at).toISOString()];
  return { title: TITLES[kind] ?? kind, text: cut(text, LONGEST), facts: facts.map((each) => cut(each, 250)) };
}

const cut = (text: string, length: number): string => {
  const characters = Array.from(text);
  return characters.length > length ? `${characters.slice(0, length - 1).join('')}…` : text;
};
