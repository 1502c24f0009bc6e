import type { Message, Told } from '../told.ts';
import { chatTexts } from './chat.ts';

/** For an incoming webhook of Slack. All but the fallback is plain text to it, in which nothing is formatted. */
export function slack(told: Told): Omit<Message, 'id'> {
  const { title, text, facts } = chatTexts(told);
  const plain = (content: string) => ({ type: 'plain_text', text: content, emoji: false });
  const body = {
    // For notifications, where there are no blocks: here `<` begins links and mentions.
    text: escaped(`${title}: ${text}`),
    blocks: [
      { type: 'header', text: plain(title) },
      { type: 'section', text: plain(text || '-') },
      { type: 'context', elements: facts.map(plain) },
    ],
  };
  return { type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
