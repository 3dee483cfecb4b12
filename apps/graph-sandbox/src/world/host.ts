/** The two Graph hosts. */
export type HostName = 'graph.instagram.com' | 'graph.facebook.com';

export type HostRow = {
	/** The error `type` of an ordinary refusal. */
	readonly errorType: 'IGApiException' | 'OAuthException';
	/** Longest account window in seconds; `null` when the host sets no limit. */
	readonly maxWindowSeconds: number | null;
	/** Meta names unknown fields on one host and leaves them out on the other. */
	readonly unknownField: 'refused' | 'left out';
	/** Facebook puts the code before the message, `(#100) …`; the Instagram host does not. */
	readonly codeInMessage: boolean;
};

// biome-ignore format: a table reads by columns
export const HOSTS: Readonly<Record<HostName, HostRow>> = {
	'graph.instagram.com': { errorType: 'IGApiException', maxWindowSeconds: null,      unknownField: 'left out', codeInMessage: false },
	'graph.facebook.com':  { errorType: 'OAuthException', maxWindowSeconds: 2_592_000, unknownField: 'refused',  codeInMessage: true },
};

export function isHostName(text: string): text is HostName {
	return text === 'graph.instagram.com' || text === 'graph.facebook.com';
}
