import { manualClock } from '@instagram-insights/core/testing';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { describe, expect, test } from 'vitest';
import { reportFailures } from '../src/open-traces.ts';

type Result = Parameters<Parameters<SpanExporter['export']>[1]>[0];

/** An exporter that answers as scripted, with its log and its clock. */
function scripted(results: readonly Result[]) {
	const lines: { spans: number; reason: string }[] = [];
	const log = { warn: (fields: object) => void lines.push({ spans: 0, reason: '', ...fields }) };
	const clock = manualClock('2026-11-26T00:00:00Z');
	const script = [...results];
	const exporter: SpanExporter = {
		export: (_spans, done) => done(script.shift() ?? { code: 0 }),
		shutdown: async () => {},
	};
	const reporting = reportFailures(exporter, log, () => clock.now().getTime());
	return {
		clock,
		reported: () => lines.map(({ spans, reason }) => [spans, reason]),
		send(spans: number): Result {
			let result: Result = { code: 0 };
			reporting.export(new Array<ReadableSpan>(spans), (given) => {
				result = given;
			});
			return result;
		},
	};
}

const failed = (error: Error): Result => ({ code: 1, error });

describe('reportFailures', () => {
	test('logs nothing about accepted events', () => {
		const { send, reported } = scripted([{ code: 0 }]);
		expect(send(3)).toEqual({ code: 0 });
		expect(reported()).toEqual([]);
	});

	test('adds what is lost within a minute to the next line', async () => {
		const refused = failed(Object.assign(new Error('connect to a private host'), { code: 'ECONNREFUSED' }));
		const { clock, send, reported } = scripted([refused, refused, refused, failed(new Error('Request timed out'))]);
		expect(send(3)).toEqual(refused);
		send(4);
		await clock.advance(59_999);
		send(5);
		expect(reported()).toEqual([[3, 'ECONNREFUSED']]);
		await clock.advance(1);
		send(6);
		expect(reported()).toEqual([
			[3, 'ECONNREFUSED'],
			[15, 'Request timed out'],
		]);
	});
});
