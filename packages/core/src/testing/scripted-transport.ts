import type { Transport } from '../client/ports.ts';
import type { GraphResponse, VersionedRequest } from '../graph/graph-request.ts';

/**
 * What the script answers: a body with a status (200 when left out), or an error, which is thrown as a network fault.
 * A string body is sent as it stands (truncated JSON, an HTML page), anything else as JSON.
 */
export type ScriptedAnswer = { status?: number; headers?: Readonly<Record<string, string>>; body: unknown } | Error;

/** A transport that plays a script and remembers what it was sent. */
export type ScriptedTransport = Transport & {
	/** Every request sent so far, in order. */
	readonly requests: readonly VersionedRequest[];
};

/**
 * A transport that plays a script: the answers of a list in order, one a request, or whatever a function says of each
 * request. It never touches the network.
 *
 * @throws {Error} (from `send`) the list is used up: the message names the request that had no answer
 */
export function scriptedTransport(
	script: readonly ScriptedAnswer[] | ((request: VersionedRequest, index: number) => ScriptedAnswer),
): ScriptedTransport {
	const requests: VersionedRequest[] = [];
	return {
		requests,
		async send(request, options): Promise<GraphResponse> {
			options?.signal?.throwIfAborted();
			const index = requests.push(request) - 1;
			const answer = typeof script === 'function' ? script(request, index) : script[index];
			if (answer === undefined) {
				throw new Error(`the script has ${index} answers; nothing for ${request.method} ${request.path}`);
			}
			if (answer instanceof Error) throw answer;
			const { status = 200, headers = {}, body } = answer;
			return { status, headers, text: typeof body === 'string' ? body : JSON.stringify(body) };
		},
	};
}
