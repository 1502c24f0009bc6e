import type { About, Notice } from '../../protocol/notices/notice.ts';

/** What is sent. */
export interface Message {
  /** The same each time that it is sent. */
  readonly id: string;
  /** Of the content. */
  readonly type: string;
  readonly body: string;
}

/** A notice with all that templates say of it. */
export interface Told {
  readonly id: string;
  readonly namespace: string;
  readonly session: string;
  readonly about: About;
  readonly notice: Notice;
  readonly kind: string;
  /** The record in words, one line or more. */
  readonly text: string;
}
