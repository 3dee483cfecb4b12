import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace';
import type { EventTrace } from '../event-trace.ts';

export type GivenIds = IdGenerator & {
	/** Give these ids to the span that `start` starts, in place of random ones. A span with a parent is in its parent's trace. */
	use<T>(ids: Partial<EventTrace>, start: () => T): T;
};

/** Random ids but where ours are given: the SDK has no other way to say which id a span gets. */
export function givenIds(random: IdGenerator = new RandomIdGenerator()): GivenIds {
	let given: Partial<EventTrace> = {};
	return {
		generateTraceId: () => given.traceId ?? random.generateTraceId(),
		generateSpanId: () => given.spanId ?? random.generateSpanId(),
		use(ids, start) {
			given = ids;
			try {
				return start();
			} finally {
				given = {};
			}
		},
	};
}
