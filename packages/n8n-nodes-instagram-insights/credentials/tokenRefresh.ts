import { TOKEN_ENDPOINTS } from '@instagram-insights/core/internal';
import type { ICredentialDataDecryptedObject, IDataObject, IHttpRequestHelper } from 'n8n-workflow';

const REFRESH = TOKEN_ENDPOINTS['graph.instagram.com'].refresh;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long until the next look at a token. Meta's long-lived tokens last 60 days and can be renewed once they are 24
 * hours old (reference page of `/refresh_access_token`), so a weekly renewal leaves more than seven weeks without a run.
 */
const AFTER_SUCCESS_MS = 7 * DAY_MS;
/** A refused token is younger than a day, or dead: either way nothing changes before tomorrow. */
const AFTER_REFUSAL_MS = DAY_MS;
/** No answer, a busy server or a rate limit. */
const AFTER_TROUBLE_MS = HOUR_MS;

/** What the credential keeps besides the token: milliseconds since 1970, 0 when the token was never looked at. */
export type RefreshState = { readonly refreshAfter: number };

/** Whether the stored token should be renewed now. A token that comes from an expression is not ours to renew. */
export function isDueForRefresh(credentials: ICredentialDataDecryptedObject, now: number): boolean {
	if (credentials.heldAs === 'expression') return false;
	if (typeof credentials.accessToken !== 'string' || credentials.accessToken === '') return false;
	const refreshAfter = Number(credentials.refreshAfter);
	return !(refreshAfter > now);
}

/** Result of one attempt: a new token, or only the time of the next attempt. */
export type RefreshOutcome = RefreshState & { readonly accessToken?: string };

/**
 * What to keep of an answer of `/refresh_access_token`.
 *
 * @param status the HTTP status; 0 when there was no answer
 * @param body the parsed body, whatever it is
 */
export function judgeRefresh(status: number, body: unknown, now: number): RefreshOutcome {
	const answer = typeof body === 'object' && body !== null ? (body as IDataObject) : {};
	const { access_token: renewed, expires_in: lifetimeSeconds } = answer;
	if (status >= 200 && status < 300 && typeof renewed === 'string' && renewed !== '') {
		const halfLifeMs = Number(lifetimeSeconds) * 500;
		return {
			accessToken: renewed,
			refreshAfter: now + (halfLifeMs > 0 ? Math.min(AFTER_SUCCESS_MS, halfLifeMs) : DAY_MS),
		};
	}
	const refused = status >= 400 && status < 500 && status !== 429 && status !== 408;
	return { refreshAfter: now + (refused ? AFTER_REFUSAL_MS : AFTER_TROUBLE_MS) };
}

/**
 * Ask Meta for a renewed token.
 *
 * Never throws: whatever goes wrong here must not cost the request that is waiting for the token.
 *
 * The token travels in the query because that is the only form Meta documents for this endpoint; the URL goes nowhere
 * but to `baseUrl`, and errors are swallowed here, so it reaches no log.
 */
export async function refreshToken(
	http: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
	now: number,
): Promise<RefreshOutcome> {
	try {
		const response = (await http.httpRequest({
			method: 'GET',
			url: `${String(credentials.baseUrl).replace(/\/+$/, '')}${REFRESH.path}`,
			qs: { grant_type: REFRESH.grantType, access_token: String(credentials.accessToken).trim() },
			returnFullResponse: true,
			ignoreHttpStatusErrors: true,
			timeout: 15_000,
		})) as { statusCode: number; body: unknown };
		return judgeRefresh(response.statusCode, response.body, now);
	} catch {
		return judgeRefresh(0, undefined, now);
	}
}
