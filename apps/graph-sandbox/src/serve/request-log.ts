/** One HTTP request to the sandbox. An unknown token is logged as `unknown`. */
export type LoggedRequest = {
	/** ISO 8601. */
	readonly at: string;
	readonly method: string;
	readonly host: string;
	/** As asked; `null` for a path without version. */
	readonly version: string | null;
	/** Without host and version: `/me/insights`. */
	readonly path: string;
	/** Query and form, without the token. */
	readonly query: Readonly<Record<string, string>>;
	readonly token: string;
	readonly tokenFrom: 'header' | 'query' | 'body' | 'none';
	/** Key of the account the token reaches, when it is one. */
	readonly account: string | null;
	/** Calls as Meta counts them: one, or one for each item of a batch. */
	readonly metaCalls: number;
	/** The scenario it met, if any. */
	readonly scenario: string | null;
	/** 0 when the connection was cut. */
	readonly status: number;
	/** Graph's error code, when it was refused. */
	readonly errorCode: number | null;
	/** Relative URLs of a batch. */
	readonly batch: readonly string[];
};

export type Counts = {
	readonly httpRequests: number;
	readonly metaCalls: number;
	/** The largest number of requests answered at the same time. */
	readonly mostAtOnce: number;
};

export type RequestLog = {
	/** Call when a request comes in, and the returned function when it is answered. */
	begin(): (entry: LoggedRequest) => void;
	requests(): readonly LoggedRequest[];
	counts(): Counts;
	reset(): void;
};

/** Only this many entries are kept; the counts include all. */
const KEPT = 50_000;

export function createRequestLog(): RequestLog {
	let entries: LoggedRequest[] = [];
	let httpRequests = 0;
	let metaCalls = 0;
	let open = 0;
	let mostAtOnce = 0;
	return {
		begin() {
			open += 1;
			mostAtOnce = Math.max(mostAtOnce, open);
			return (entry) => {
				open -= 1;
				httpRequests += 1;
				metaCalls += entry.metaCalls;
				entries.push(entry);
				if (entries.length > KEPT) entries = entries.slice(-KEPT / 2);
			};
		},
		requests: () => [...entries],
		counts: () => ({ httpRequests, metaCalls, mostAtOnce }),
		reset() {
			entries = [];
			httpRequests = 0;
			metaCalls = 0;
			mostAtOnce = open;
		},
	};
}
