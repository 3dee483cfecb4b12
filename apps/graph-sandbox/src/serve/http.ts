import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Answer } from '../answer/graph-error.ts';
import type { ChosenScenario } from '../scenario/scenario-book.ts';
import { isVersion } from '../world/host.ts';

/** A request, read but not checked. */
export type RawRequest = {
	readonly method: string;
	/** First part of the path: a Meta host name, or `__sandbox`. */
	readonly host: string;
	/** As asked, `null` for a path without version. */
	readonly version: string | null;
	readonly path: readonly string[];
	/** Query and form together; the form wins. Without `access_token`. */
	readonly params: Readonly<Record<string, string>>;
	readonly accessToken: string | undefined;
	readonly tokenFrom: 'header' | 'query' | 'body' | 'none';
	readonly headers: Readonly<Record<string, string | undefined>>;
	/** The body's text, empty without a body. */
	readonly body: string;
};

const LARGEST_BODY = 5 * 1024 * 1024;

/** @throws {RangeError} the body is over 5 MB */
export async function readRequest(request: IncomingMessage): Promise<RawRequest> {
	const url = new URL(request.url ?? '/', 'http://sandbox.invalid');
	const parts = url.pathname
		.split('/')
		.filter((part) => part !== '')
		.map(decode);
	const [host = '', ...rest] = parts;
	const version = rest[0] !== undefined && isVersion(rest[0]) ? rest[0] : null;
	const body = await readBody(request);
	const query = Object.fromEntries(url.searchParams);
	const form = readForm(body, request.headers['content-type'] ?? '');
	const bearer = /^Bearer\s+(.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim();
	const { access_token: queryToken, ...queryRest } = query;
	const { access_token: formToken, ...formRest } = form;
	return {
		method: request.method ?? 'GET',
		host,
		version,
		path: version === null ? rest : rest.slice(1),
		params: { ...queryRest, ...formRest },
		accessToken: bearer ?? formToken ?? queryToken,
		tokenFrom:
			bearer !== undefined ? 'header' : formToken !== undefined ? 'body' : queryToken !== undefined ? 'query' : 'none',
		headers: Object.fromEntries(
			Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]),
		),
		body,
	};
}

async function readBody(request: IncomingMessage): Promise<string> {
	const chunks: Buffer[] = [];
	let size = 0;
	for await (const chunk of request as AsyncIterable<Buffer>) {
		size += chunk.length;
		if (size > LARGEST_BODY) throw new RangeError('the body is over 5 MB');
		chunks.push(chunk);
	}
	return Buffer.concat(chunks).toString('utf8');
}

/** A form, or a flat JSON object whose values are written as text. */
function readForm(body: string, contentType: string): Record<string, string> {
	if (body === '') return {};
	if (contentType.includes('application/json')) {
		const parsed = parseJson(body);
		if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return {};
		return Object.fromEntries(
			Object.entries(parsed).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
		);
	}
	return Object.fromEntries(new URLSearchParams(body));
}

export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

function decode(part: string): string {
	try {
		return decodeURIComponent(part);
	} catch {
		return part;
	}
}

const SLOW_MS = 3_000;
const HTML_ERROR =
	'<!DOCTYPE html><html><head><title>Error</title></head><body><h1>Sorry, something went wrong.</h1></body></html>';

/** The HTTP status after the scenario's effect: 0 for a connection that is reset. */
export function statusSeen(answer: Answer, scenario: ChosenScenario | null): number {
	if (scenario?.scenario.kind !== 'wire') return answer.status;
	if (scenario.scenario.effect === 'reset') return 0;
	return scenario.scenario.effect === 'html' ? htmlStatus(scenario) : answer.status;
}

function htmlStatus(scenario: ChosenScenario | null): number {
	return Number(scenario?.argument ?? 502);
}

/** Write an answer, with the fault of the scenario. */
export async function writeAnswer(
	response: ServerResponse,
	answer: Answer,
	scenario: ChosenScenario | null,
): Promise<void> {
	const text = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
	const headers = { 'content-type': 'application/json; charset=UTF-8', ...answer.headers };
	const effect = scenario?.scenario.kind === 'wire' ? scenario.scenario.effect : null;
	switch (effect) {
		case 'reset':
			response.socket?.destroy();
			return;
		case 'cut':
			response.writeHead(answer.status, { ...headers, 'content-length': Buffer.byteLength(text) });
			response.write(text.slice(0, Math.ceil(text.length / 2)), () => response.socket?.destroy());
			return;
		case 'truncated':
			response.writeHead(200, headers);
			response.end(text.slice(0, Math.ceil(text.length / 2)));
			return;
		case 'html':
			response.writeHead(htmlStatus(scenario), { 'content-type': 'text/html; charset=utf-8' });
			response.end(HTML_ERROR);
			return;
		case 'slow':
			await sleep(Number(scenario?.argument ?? SLOW_MS));
			break;
		case null:
			break;
		default:
			effect satisfies never;
	}
	response.writeHead(answer.status, headers);
	response.end(text);
}
