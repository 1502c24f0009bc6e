import { expect, onTestFinished, test } from 'vitest';
import { Desk, type Generation } from '../gateway/desk.ts';
import { until } from '../support/until.ts';
import { OtlpReceiver } from './receiver.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

test.each<Generation>(['2025', '2026'])(
  'A8, G1: an MCP client of %s has its calls under the trace that it names in _meta, and none under what is no trace',
  async (generation) => {
    const receiver = await OtlpReceiver.start();
    onTestFinished(() => receiver.stop());
    const desk = await Desk.open({ config: { telemetry: { otlp: { url: receiver.url } } } });
    onTestFinished(() => desk.close());
    const id = await desk.session('journal');
    const { client } = await desk.connect(generation, [id]);
    const call = (callId: string, traceparent: unknown) =>
      client.callTool({
        name: 'append',
        arguments: { text: callId },
        _meta: { 'io.custody/call-id': callId, traceparent },
      });
    await call('traced', `00-${TRACE}-${SPAN}-01`);
    await call('bad', { not: 'a trace' });
    const spans = await until('both are told of', () => {
      const found = new Map(receiver.spansOf(id));
      return found.has('traced/1') && found.has('bad/1') && found;
    });
    expect(spans.get('traced/1')).toMatchObject({ traceId: TRACE, parentSpanId: SPAN });
    expect(spans.get('bad/1')?.traceId).not.toBe(TRACE);
    const at = desk.harness.journal().find(({ args }) => args.text === 'traced');
    expect(at?.meta.traceparent).toBe(`00-${TRACE}-${spans.get('traced/1')?.spanId}-01`);
  },
);
