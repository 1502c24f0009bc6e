import { describe, expect, test } from 'vitest';
import { messageOf } from '../../../activities/notices/message.ts';
import type { Notice } from '../../../protocol/notices/notice.ts';

const AT = Date.parse('2026-11-27T21:00:00Z');
const ABOUT = { agent: 'drafter@1.0.0', profile: 'standard', labels: { team: 'docs' } };
const notify = (text: string): Notice => ({ n: 7, at: AT, layer: 'session', kind: 'notify', data: { text } });
const asked: Notice = {
  n: 8,
  at: AT,
  layer: 'compliance',
  kind: 'approval-asked',
  by: 'agent',
  data: {
    approval: 'a1',
    what: 'files.write_file (notes)',
    why: 'large',
    rules: ['large'],
    digest: 'd',
    persons: 1,
    expiresAt: AT,
  },
};
const of = (format: 'cloudevents' | 'slack' | 'teams', notice: Notice) => {
  const { id, type, body } = messageOf(format, 'default', { session: 'session-1', about: ABOUT, notice });
  return { id, type, body: JSON.parse(body) as unknown };
};

/** What a hostile text wants to be in a chat. */
const HOSTILE = '<!channel> <https://evil.example|click> *b* [x](https://evil.example) <at>all</at> :tada: & "q"';

describe('C3: a notice as a CloudEvent', () => {
  test('has the record as data, its words, and who is behind it', () => {
    expect(of('cloudevents', asked)).toEqual({
      id: 'session-1/8',
      type: 'application/cloudevents+json; charset=utf-8',
      body: {
        specversion: '1.0',
        id: 'session-1/8',
        source: '/custody/default/sessions/session-1',
        type: 'io.custody.approval-asked',
        subject: 'session-1',
        time: '2026-11-27T21:00:00.000Z',
        datacontenttype: 'application/json',
        data: {
          session: 'session-1',
          record: 8,
          kind: 'approval-asked',
          layer: 'compliance',
          text: 'a1: files.write_file (notes), by 1 person until 2026-11-27T21:00:00.000Z: large',
          ...ABOUT,
          by: 'agent',
          standing: 'claimed',
          details: asked.data,
        },
      },
    });
  });
});

describe('C3: a notice in a chat is text, and nothing in it is a link, a mention or a format', () => {
  test('in Slack: plain texts, and a fallback that is escaped', () => {
    const { type, body } = of('slack', notify(HOSTILE));
    expect(type).toBe('application/json; charset=utf-8');
    const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
    expect(body).toEqual({
      text: `Notice: ${HOSTILE.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')}`,
      blocks: [
        { type: 'header', text: plain('Notice') },
        { type: 'section', text: plain(HOSTILE) },
        {
          type: 'context',
          elements: ['session session-1', 'agent drafter@1.0.0', 'profile standard', '2026-11-27T21:00:00.000Z'].map(
            plain,
          ),
        },
      ],
    });
  });

  test('in Teams: text runs of an adaptive card, in which nothing is Markdown', () => {
    const { body } = of('teams', notify(HOSTILE));
    const [attachment] = (body as { attachments: { content: { body: object[] } }[] }).attachments;
    expect(attachment).toMatchObject({ contentType: 'application/vnd.microsoft.card.adaptive' });
    expect(attachment?.content).toMatchObject({ type: 'AdaptiveCard', version: '1.4' });
    expect(attachment?.content.body).toHaveLength(3);
    expect(attachment?.content.body[1]).toEqual({
      type: 'RichTextBlock',
      inlines: [{ type: 'TextRun', text: HOSTILE }],
    });
    for (const block of attachment?.content.body ?? []) expect(block).toMatchObject({ type: 'RichTextBlock' });
  });

  test.each(['slack', 'teams'] as const)('in %s a long text is cut, and an empty one is no error', (format) => {
    expect(JSON.stringify(of(format, notify('😀'.repeat(5000)))).length).toBeLessThan(12_000);
    expect(JSON.stringify(of(format, notify('')))).toContain('"text":"-"');
  });
});
