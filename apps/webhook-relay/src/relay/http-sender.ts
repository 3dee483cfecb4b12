import { isIP } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { type AddressPolicy, isAllowedAddress } from '../guard/address-policy.ts';
import { createHostLookup, type HostLookup } from '../guard/host-lookup.ts';
import type { AttemptResult, NoAnswerReason } from './judge-response.ts';
import type { DeliveryRequest } from './sign-delivery.ts';

/** One HTTP try. Never throws: whatever happens is a result. */
export type HttpSender = {
	post(
		url: string,
		request: DeliveryRequest,
		options: { timeoutMs: number; signal?: AbortSignal },
	): Promise<AttemptResult>;
	close(): Promise<void>;
};

/** Enough to know n8n's pages by; the rest of an answer is not read. */
const MAX_ANSWER_BYTES = 4096;
const CONNECT_TIMEOUT_MS = 10_000;

class ForbiddenAddressError extends Error {
	readonly code = 'FORBIDDEN_ADDRESS';
}

/**
 * Sends deliveries over kept-alive connections. The address policy is held where a connection is made, on the addresses
 * it is made to, so that a name which changes its mind (DNS rebinding) is caught too. Redirects are not followed.
 *
 * @param options.connections most connections to one origin
 * @param options.lookupHost shared by all senders, so that a name is looked up once for all of them
 */
export function createHttpSender(options: {
	readonly policy: AddressPolicy;
	readonly connections: number;
	readonly lookupHost?: HostLookup;
}): HttpSender {
	const { policy, connections, lookupHost = createHostLookup(Date.now) } = options;
	const connect = buildConnector({
		timeout: CONNECT_TIMEOUT_MS,
		lookup: (hostname, lookupOptions, callback) => {
			lookupHost.find(hostname, lookupOptions, (error, addresses) => {
				if (error !== null) return callback(error, []);
				const allowed = addresses.filter(({ address }) => isAllowedAddress(address, policy));
				if (allowed.length === 0) return callback(new ForbiddenAddressError('no allowed address'), []);
				const [first] = allowed;
				if (lookupOptions.all) callback(null, allowed);
				else callback(null, first?.address ?? '', first?.family);
			});
		},
	});
	const agent = new Agent({
		connections,
		pipelining: 1,
		// A literal address is never looked up, so it is judged here.
		connect: (target, callback) => {
			const host = target.hostname.replace(/^\[|\]$/g, '');
			if (isIP(host) !== 0 && !isAllowedAddress(host, policy)) {
				callback(new ForbiddenAddressError('address not allowed'), null);
				return;
			}
			connect(target, (...answer) => {
				// It may have moved.
				if (answer[0] !== null) lookupHost.forget(host);
				callback(...answer);
			});
		},
	});

	return {
		async post(url, { headers, body }, { timeoutMs, signal }) {
			const deadline = AbortSignal.timeout(timeoutMs);
			const { origin, pathname, search } = new URL(url);
			try {
				const answer = await agent.request({
					origin,
					path: `${pathname}${search}`,
					method: 'POST',
					headers,
					body,
					headersTimeout: timeoutMs,
					bodyTimeout: timeoutMs,
					signal: signal === undefined ? deadline : AbortSignal.any([deadline, signal]),
				});
				const { text, complete } = await readStart(answer.body);
				return {
					kind: 'answer',
					status: answer.statusCode,
					contentType: first(answer.headers['content-type']) ?? '',
					retryAfter: first(answer.headers['retry-after']) ?? null,
					text,
					complete,
				};
			} catch (error) {
				return { kind: 'no-answer', reason: deadline.aborted ? 'timeout' : reasonOf(error) };
			}
		},
		close: () => agent.destroy(),
	};
}

/** The first bytes of a body; the connection is given up when there are more. */
async function readStart(body: AsyncIterable<Buffer>): Promise<{ text: string; complete: boolean }> {
	const chunks: Buffer[] = [];
	let length = 0;
	try {
		for await (const chunk of body) {
			chunks.push(chunk);
			length += chunk.length;
			if (length >= MAX_ANSWER_BYTES) break;
		}
		return { text: start(chunks), complete: true };
	} catch {
		return { text: start(chunks), complete: false };
	}
}

function start(chunks: readonly Buffer[]): string {
	return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8');
}

function first(header: string | string[] | undefined): string | undefined {
	return Array.isArray(header) ? header[0] : header;
}

/** Node's, undici's and our own error codes, by what they mean to a person. */
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
		// Happy eyeballs reports one error an address.
		if (cause instanceof AggregateError) codes.push(...cause.errors.map((one) => String(one?.code ?? '')));
	}
	return REASONS.find(([form]) => codes.some((code) => form.test(code)))?.[1] ?? 'network';
}
