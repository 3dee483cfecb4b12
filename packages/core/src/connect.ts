import { setTimeout } from 'node:timers/promises';
import { HOSTS, type Host, hostOfToken } from './catalog/host.ts';
import { createInsightsClient, type InsightsClient, type InsightsClientOptions } from './client/insights-client.ts';
import type { Transport } from './client/ports.ts';
import { tokenProblem } from './graph/token-answer.ts';
import { InsightsError } from './insights-error.ts';
import type { UndiciTransportOptions } from './undici/index.ts';

/** The access token, and any defaults to change. */
export interface ConnectOptions
	extends Omit<InsightsClientOptions, 'host' | 'transport' | 'clock'>,
		Omit<UndiciTransportOptions, 'accessToken' | 'baseUrls'> {
	/**
	 * The access token, or a function that returns the current one for each request (then set `host` too). `undefined` and an empty
	 * text throw, so that you can pass an environment variable unchecked.
	 */
	readonly accessToken: UndiciTransportOptions['accessToken'] | undefined;
	/** The host that accepts the token; known from the token's prefix (`IGAA`, `EAA`) when left out. */
	readonly host?: Host | undefined;
	/** Where requests go in place of the host, without version: a proxy, or the sandbox. */
	readonly baseUrl?: string | undefined;
}

/** A client, with its connections. */
export type Connection = InsightsClient & {
	/** Close open connections. A script can end without it: idle connections do not keep the process running. */
	close(): Promise<void>;
};

/**
 * Connect to Instagram with an access token: `IGAA…` from Instagram Login, or `EAA…` from Facebook Login. Nothing is sent until you
 * ask a question.
 *
 * It uses the system clock, and undici for HTTP, which it loads with the first request. To use your own HTTP client or clock, call
 * {@link createInsightsClient}.
 *
 * @example
 * ```ts
 * const instagram = connect({ accessToken: process.env.INSTAGRAM_TOKEN });
 * const range = resolveDateRange('last28Days', new Date());
 * const { accountId, insights } = await instagram.accountTotals({ metrics: ['reach', 'views'], ...range });
 * console.table(toRows(insights, { accountId }));
 * ```
 *
 * @throws {InsightsError} `auth`: the token is missing, or its form shows that Meta will refuse it; `invalid-query`: the
 *   host cannot be read from the token
 */
export function connect(options: ConnectOptions): Connection {
	const { baseUrl, ...rest } = options;
	const accessToken = typeof options.accessToken === 'string' ? options.accessToken.trim() : options.accessToken;
	if (accessToken === undefined || accessToken === '') {
		throw new InsightsError('auth', 'connect: "accessToken" is empty', {
			advice: 'Pass the access token. If it comes from an environment variable, check that the variable is set.',
		});
	}
	const problem = typeof accessToken === 'string' ? tokenProblem(accessToken) : null;
	if (problem !== null) throw problem;
	const host = options.host ?? readHost(accessToken);
	const transport = undiciOnFirstUse({ ...rest, accessToken, ...(baseUrl ? { baseUrls: { [host]: baseUrl } } : {}) });
	const clock = {
		now: () => new Date(),
		sleep: (ms: number, signal?: AbortSignal) => setTimeout(ms, undefined, { signal }),
	};
	return { ...createInsightsClient({ ...rest, host, transport, clock }), close: transport.close };
}

function readHost(accessToken: UndiciTransportOptions['accessToken']): Host {
	const host = typeof accessToken === 'string' ? hostOfToken(accessToken) : undefined;
	if (host !== undefined) return host;
	const logins = Object.entries(HOSTS).map(([name, { shortTitle }]) => `'${name}' (${shortTitle})`);
	const why =
		typeof accessToken === 'string' ? 'the start of the token does not show its host' : 'the token comes later';
	throw new InsightsError('invalid-query', `connect: "host" is missing, and ${why}`, {
		advice: `Pass the option "host": ${logins.join(' or ')}.`,
	});
}

/** Loads undici with the first request, so that importing this package does not. */
function undiciOnFirstUse(options: UndiciTransportOptions): Transport & { close(): Promise<void> } {
	let opening: Promise<Transport & { close(): Promise<void> }> | undefined;
	const open = async () => {
		const { createUndiciTransport } = await import('./undici/index.ts');
		return createUndiciTransport(options);
	};
	return {
		async send(request, sending) {
			opening ??= open();
			return (await opening).send(request, sending);
		},
		close: async () => (await opening)?.close(),
	};
}
