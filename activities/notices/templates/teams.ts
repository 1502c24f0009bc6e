import type { Message, Told } from '../told.ts';
import { chatTexts } from './chat.ts';

/**
 * For a workflow of Microsoft Teams that posts a card when a webhook request comes in. Its texts are text runs, in
 * which nothing is formatted: a text block would make links of what looks like Markdown.
 */
export function teams(told: Told): Omit<Message, 'id'> {
  const { title, text, facts } = chatTexts(told);
  const line = (content: string, look: object = {}) => ({
    type: 'RichTextBlock',
    inlines: [{ type: 'TextRun', text: content, ...look }],
  });
  const body = {
    type: 'message',
    attachments: [
      {
        contentType: 'application/vnd.microsoft.card.adaptive',
        contentUrl: null,
        content: {
          $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
          type: 'AdaptiveCard',
          version: '1.4',
          body: [
            line(title, { weight: 'Bolder', size: 'Medium' }),
            line(text || '-'),
            line(facts.join(' · '), { isSubtle: true, size: 'Small' }),
          ],
        },
      },
    ],
  };
  return { type: 'application/json; charset=utf-8', body: JSON.stringify(body) };
}
