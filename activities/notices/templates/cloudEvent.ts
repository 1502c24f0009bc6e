import type { Message, Told } from '../told.ts';

/** A CloudEvent 1.0 in the structured mode of JSON. docs/notices.md has what stands in it. */
export function cloudEvent({ id, namespace, session, about, notice, kind, text }: Told): Omit<Message, 'id'> {
  const { n, at, layer, data, by, proof } = notice;
  const event = {
    specversion: '1.0',
    id,
    source: `/custody/${encodeURIComponent(namespace)}/sessions/${encodeURIComponent(session.toWellFormed())}`,
    type: `io.custody.${kind}`,
    subject: session,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: {
      session,
      record: n,
      kind,
      layer,
      text,
      ...about,
      ...(by === undefined ? {} : { by, standing: proof ? 'proven' : 'claimed' }),
      details: data,
    },
  };
  return { type: 'application/cloudevents+json; charset=utf-8', body: JSON.stringify(event) };
}
