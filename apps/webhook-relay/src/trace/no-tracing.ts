import type { AttemptTrace, ReceiveTrace, Tracing } from './tracing.ts';

const receiveTrace: ReceiveTrace = { committing() {}, end() {} };
const attemptTrace: AttemptTrace = { carry: (request) => request, end() {}, cutOff() {} };

/** Keeps nothing and makes nothing: the same two empty objects for every request. */
export const noTracing: Tracing = {
	receive: () => receiveTrace,
	attempt: () => attemptTrace,
	async stop() {},
};
