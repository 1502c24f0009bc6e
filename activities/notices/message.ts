import { proseOf } from '../../audit/prose/records.ts';
import { noticeKindOf } from '../../protocol/notices/kinds.ts';
import { noticeId } from '../../protocol/notices/notice.ts';
import { cloudEvent } from './templates/cloudEvent.ts';
import { slack } from './templates/slack.ts';
import { teams } from './templates/teams.ts';
import type { Message, Told } from './told.ts';

const TEMPLATES = { cloudevents: cloudEvent, slack, teams } as const;

export type Format = keyof typeof TEMPLATES;

/** A notice as one kind of receiver takes it. */
export function messageOf(
  format: Format,
  namespace: string,
  { session, about, notice }: Pick<Told, 'session' | 'about' | 'notice'>,
): Message {
  const id = noticeId(session, notice);
  const kind = noticeKindOf(notice) ?? notice.kind;
  return { id, ...TEMPLATES[format]({ id, namespace, session, about, notice, kind, text: proseOf(notice) }) };
}
