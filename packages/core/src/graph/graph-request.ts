import { createHmac } from 'node:crypto';
import type { Host } from '../catalog/host.ts';

/**
 * One request without version, base URL and token: those belong to the transport.
 * The token is never in `query`; a transport sends `Authorization: Bearer`.
 */
export type GraphRequest = {
	readonly method: 'GET' | 'POST' | 'DELETE';
	readonly host: Host;
	/** Starts with a slash, without version and host: `/me/insights`. */
	readonly path: string;
	/** Decoded parameters; a transport encodes them. */
	readonly query: Readonly<Record<string, string>>;
	/** Form fields of a POST. */
	readonly body?: Readonly<Record<string, string>>;
};

/**
 * A request with its Graph version, such as `v25.0`. Empty for the login endpoints, which have none
 * (`/refresh_access_token`, `/access_token`).
 */
export type VersionedRequest = GraphRequest & { readonly version: string };

/** The answer, whatever its status. */
export type GraphResponse = {
	readonly status: number;
	/** Header names in lower case. */
	readonly headers: Readonly<Record<string, string>>;
	/** The body exactly as received. Core parses it, so that ids beyond 2^53 stay exact. */
	readonly text: string;
};

/**
 * `appsecret_proof` shows that the caller knows the app secret as well as the token, so that a stolen token alone is
 * useless. Lower-case hex HMAC-SHA256 of the token, keyed with the app secret. Meta requires it once the app's
 * setting "Require App Secret" is on (graph.facebook.com).
 */
export function appSecretProof(accessToken: string, appSecret: string): string {
	return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}
