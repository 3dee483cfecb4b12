import { setTimeout } from 'node:timers/promises';
import { HOSTS, type Host, hostOfToken } from './catalog/host.ts';
import { createInsightsClient, type InsightsClient, type InsightsClientOptions } from './client/insights-client.ts';
import type { Transport } from './client/ports.ts';
import { InsightsError } from './insights-error.ts';
import type { UndiciTransportOptions } from './undici/create-undici-transport.ts';

/** A token, and whatever should differ from the defaults. */
export type ConnectOptions = Omit<InsightsClientOptions, 'host' | 'transport' | 'clock'> &
	Omit<UndiciTransportOptions, 'accessToken'> & {
		/**
		 * The token, or a function that returns the current one for each request. `undefined` throws, so that an environment
		 * variable can be passed as it is.
		 */
		readonly accessToken: UndiciTransportOptions['accessToken'] | undefined;
		/** The host that takes the token. Read from how the token begins when left out. */
		readonly host?: Host | undefined;
	};

/** A client, and the connections behind it. */
export type Connection = InsightsClient & {
	/** Close open connections. A script may end without it: idle connections do not keep the process running. */
	close(): Promise<void>;
};

/**
 * Connect to Instagram with an access token: `IGAA…` of Instagram Login, or `EAA…` of Facebook Login. Nothing is sent until you
 * ask a question.
 *
 * It uses the machine's clock and undici, which is loaded with the first request. To bring your own HTTP client or clock, use
 * {@link createInsightsClient}.
 *
 * @throws {InsightsError} `auth`: the token is missing; `invalid-query`: the host cannot be read from the token
 */
export function connect(options: ConnectOptions): Connection {
	const { accessToken, ...rest } = options;
	if (accessToken === undefined || accessToken === '') {
		throw new InsightsError('auth', 'connect: "accessToken" is empty', {
			advice: 'Pass the access token. If it comes from an environment variable, check that the variable is set.',
		});
	}
	const host = options.host ?? readHost(accessToken);
	const transport = undiciOnFirstUse({ ...rest, accessToken });
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
		const { createUndiciTransport } = await import('./undici/create-undici-transport.ts');
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
