import type { HostName } from '../world/host.ts';

/** A request to one of the Graph hosts, or one item of a batch. */
export type GraphRequest = {
	readonly host: HostName;
	readonly method: string;
	/** As asked; `null` for a path without version. */
	readonly version: string | null;
	readonly path: readonly string[];
	readonly params: Readonly<Record<string, string>>;
	readonly accessToken: string | undefined;
};
