import { Agent, type buildConnector } from 'undici';
import type { DeliveryRequest } from './event.ts';
import type { AttemptResult, NoAnswerReason } from './rules.ts';

/** One HTTP try. Never throws: whatever happens is a result. */
export type Sender = {
	post(url: string, request: DeliveryRequest, limits: Limits): Promise<AttemptResult>;
	close(): Promise<void>;
};

type Limits = { readonly timeoutMs: number; readonly signal?: AbortSignal };

/** Enough to know n8n's pages by; the rest of an answer is not read, nor waited for. */
const MAX_ANSWER_BYTES = 4096;
const FIRST_BYTES_MS = 2000;

/**
 * Sends deliveries over kept-alive connections. Redirects are not followed: the address that was checked gets the data.
 *
 * @param connections the most that are open to one origin
 * @param connect makes them; this is where guard/ holds its address policy. @default undici's own
 */
export function createSender(connections: number, connect?: buildConnector.connector): Sender {
	const agent = new Agent({ connections, pipelining: 1, ...(connect === undefined ? {} : { connect }) });
	return {
		async post(url, { headers, body }, { timeoutMs, signal }) {
			const deadline = AbortSignal.timeout(timeoutMs);
			const { origin, pathname, search } = new URL(url);
			try {
				const answer = await agent.request({
					...{ origin, path: `${pathname}${search}`, method: 'POST', headers, body },
					...{ headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
					signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
				});
				const header = (name: string) => [answer.headers[name]].flat()[0] ?? null;
				return {
					...{ kind: 'answer', status: answer.statusCode, text: await readStart(answer.body) },
					...{ contentType: header('content-type') ?? '', retryAfter: header('retry-after'), date: header('date') },
				};
			} catch (error) {
				return { kind: 'no-answer', reason: deadline.aborted ? 'timeout' : reasonOf(error) };
			}
		},
		close: () => agent.destroy(),
	};
}

/** The first bytes of a body. A body that is longer, or breaks off, only costs its connection. */
async function readStart(body: AsyncIterable<Buffer> & { destroy(): unknown }): Promise<string> {
	const chunks: Buffer[] = [];
	const firstBytesTimer = setTimeout(() => body.destroy(), FIRST_BYTES_MS);
	try {
		for await (const chunk of body) {
			chunks.push(chunk);
			if (chunks.reduce((sum, { length }) => sum + length, 0) >= MAX_ANSWER_BYTES) break;
		}
	} catch {
		// The status decides, whatever happened to the body.
	}
	clearTimeout(firstBytesTimer);
	return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}

/** Node's, undici's and guard's error codes, by what they mean to a person. */
const REASONS: readonly [RegExp, NoAnswerReason][] = [
	[/^FORBIDDEN_ADDRESS$/, 'forbidden-address'],
	[/TIMEOUT|ETIMEDOUT/, 'timeout'],
	[/ECONNREFUSED/, 'refused'],
	[/ECONNRESET|EPIPE|UND_ERR_SOCKET/, 'reset'],
	[/ENOTFOUND|EAI_AGAIN/, 'dns'],
	[/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO/, 'tls'],
];

function reasonOf(error: unknown): NoAnswerReason {
	const codes: string[] = [];
	for (let cause: unknown = error; cause instanceof Error && codes.length < 5; cause = cause.cause) {
		if ('code' in cause) codes.push(String(cause.code));
		// With several addresses there is one error for each.
		if (cause instanceof AggregateError) codes.push(...cause.errors.map((one) => String(one?.code ?? '')));
	}
	return REASONS.find(([form]) => codes.some((code) => form.test(code)))?.[1] ?? 'network';
}
