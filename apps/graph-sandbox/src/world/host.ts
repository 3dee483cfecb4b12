/** The two Graph hosts. */
export type HostName = 'graph.instagram.com' | 'graph.facebook.com';

type HostRow = {
	/** The error `type` of an ordinary refusal. */
	readonly errorType: 'IGApiException' | 'OAuthException';
	/** Oldest day that account insights reach, counted back from today. */
	readonly oldestDays: number;
	/** Longest account window in seconds; `null` when the host sets no limit. */
	readonly maxWindowSeconds: number | null;
	/** Meta names unknown fields on one host and leaves them out on the other. */
	readonly unknownField: 'refused' | 'left out';
	/** Facebook puts the code before the message, `(#100) …`; the Instagram host does not. */
	readonly codeInMessage: boolean;
};

// biome-ignore format: a table reads by columns
export const HOSTS: Readonly<Record<HostName, HostRow>> = {
	'graph.instagram.com': { errorType: 'IGApiException', oldestDays: 729, maxWindowSeconds: null,      unknownField: 'left out', codeInMessage: false },
	'graph.facebook.com':  { errorType: 'OAuthException', oldestDays: 729, maxWindowSeconds: 2_592_000, unknownField: 'refused',  codeInMessage: true },
};

export function isHostName(text: string): text is HostName {
	return text === 'graph.instagram.com' || text === 'graph.facebook.com';
}

/** When each Graph version was usable; `expires` is `null` where Meta has not said. */
// biome-ignore format: a table reads by columns
const VERSIONS: readonly { readonly version: string; readonly released: string; readonly expires: string | null }[] = [
	{ version: 'v18.0', released: '2023-09-12', expires: '2026-01-26' },
	{ version: 'v19.0', released: '2024-01-23', expires: '2026-05-21' },
	{ version: 'v20.0', released: '2024-05-21', expires: '2026-09-24' },
	{ version: 'v21.0', released: '2024-10-02', expires: '2027-01-21' },
	{ version: 'v22.0', released: '2025-01-21', expires: '2027-05-20' },
	{ version: 'v23.0', released: '2025-05-29', expires: '2027-10-08' },
	{ version: 'v24.0', released: '2025-10-08', expires: '2028-02-18' },
	{ version: 'v25.0', released: '2026-02-18', expires: '2028-07-29' },
	{ version: 'v26.0', released: '2026-07-29', expires: null },
	{ version: 'v27.0', released: '2026-11-04', expires: null },
];

export function isVersion(text: string): boolean {
	return /^v\d+\.\d+$/.test(text);
}

/** The version that answers: the requested one while it is usable, otherwise silently the oldest usable one. */
export function servedVersion(asked: string | null, now: Date): string {
	const today = now.toISOString().slice(0, 10);
	const usable = VERSIONS.filter((row) => row.released <= today && (row.expires === null || today < row.expires));
	const exact = usable.find((row) => row.version === asked);
	return (exact ?? usable[0] ?? VERSIONS.at(-1))?.version ?? 'v25.0';
}
