import { DEFAULT_GRAPH_VERSION, TOKEN_ENDPOINTS } from '@instagram-insights/core/internal';
import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialType,
	Icon,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { INSTAGRAM_PERMISSIONS, INSTAGRAM_TEST } from './credentialTests';
import { addressOf, baseUrlParameters, DASHBOARD, notice } from './formParts';

/**
 * An access token of the Instagram API with Instagram Login. It renews itself: n8n calls `preAuthentication` before every
 * request while the expirable field is empty, and stores the result. The field therefore always stays empty, and the result
 * is empty, so that n8n stores nothing, unless the token was checked.
 */
export class InstagramInsightsApi implements ICredentialType {
	name = 'instagramInsightsApi';

	displayName = 'Instagram Insights API';

	documentationUrl =
		'https://github.com/instagram-insights/instagram-insights/blob/main/packages/n8n-nodes-instagram-insights/README.md#instagram-login-with-an-access-token';

	icon: Icon = { light: 'file:../icons/instagramInsights.svg', dark: 'file:../icons/instagramInsights.dark.svg' };

	httpRequestNode = {
		name: 'Instagram API with Instagram Login',
		docsUrl: 'https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login',
		apiBaseUrl: `https://graph.instagram.com/${DEFAULT_GRAPH_VERSION}/`,
	};

	properties: INodeProperties[] = [
		notice('howTo', [
			`In Meta's ${DASHBOARD}, open your app, then Instagram > API setup with Instagram login.`,
			`Give the app the permissions ${INSTAGRAM_PERMISSIONS}.`,
			'Under Generate access tokens, add the account and copy its token. It renews itself while workflows use it.',
		]),
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: `Long-lived token of an Instagram professional account. It begins with IGAA. A token that no workflow uses for ${TOKEN_ENDPOINTS['graph.instagram.com'].longLivedDays} days expires.`,
		},
		...baseUrlParameters('https://graph.instagram.com'),
		{
			displayName: 'Refresh After',
			name: 'refreshAfter',
			type: 'hidden',
			default: 0,
		},
		{
			// `$rawParameter["&…"]` is the stored value of that field; `$self` and `$parameter` resolve it first.
			// n8n 2.41 keeps a stored expression by itself; older n8n would overwrite it with the renewed token.
			displayName: 'Held As',
			name: 'heldAs',
			type: 'hidden',
			default: '={{ String($rawParameter["&accessToken"]).startsWith("=") ? "expression" : "fixed" }}',
		},
		{
			displayName: 'Refresh Marker',
			name: 'refreshMarker',
			type: 'hidden',
			typeOptions: { expirable: true },
			default: '',
		},
	];

	authenticate: IAuthenticateGeneric = {
		type: 'generic',
		properties: { headers: { Authorization: '=Bearer {{$credentials.accessToken.trim()}}' } },
	};

	async preAuthentication(this: IHttpRequestHelper, credentials: ICredentialDataDecryptedObject): Promise<IDataObject> {
		const now = Date.now();
		if (!isDueForRefresh(credentials, now)) return {};
		return { refreshMarker: '', ...(await refreshToken(this.helpers, credentials, now)) };
	}

	test = INSTAGRAM_TEST;
}

const REFRESH = TOKEN_ENDPOINTS['graph.instagram.com'].refresh;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * How long until the next look at a token. Meta's long-lived tokens can be renewed once they are 24 hours old, until
 * they expire (`TOKEN_ENDPOINTS`), so a weekly renewal leaves more than seven weeks without a run.
 */
const AFTER_SUCCESS_MS = 7 * DAY_MS;
/** A refused token is younger than a day, or invalid. Either way, nothing changes before tomorrow. */
const AFTER_REFUSAL_MS = DAY_MS;
/** No answer, a busy server or a rate limit. */
const AFTER_TROUBLE_MS = HOUR_MS;

/** What the credential stores beside the token: milliseconds since 1970, 0 if the token was never checked. */
export type RefreshState = { readonly refreshAfter: number };

/** Whether the stored token should be renewed now. The user renews a token that comes from an expression. */
export function isDueForRefresh(credentials: ICredentialDataDecryptedObject, now: number): boolean {
	if (credentials.heldAs === 'expression') return false;
	if (typeof credentials.accessToken !== 'string' || credentials.accessToken === '') return false;
	const refreshAfter = Number(credentials.refreshAfter);
	return !(refreshAfter > now);
}

/** Result of one attempt: a new token, or only the time of the next attempt. */
export type RefreshOutcome = RefreshState & { readonly accessToken?: string };

/**
 * What to store after a response of `/refresh_access_token`.
 *
 * @param status the HTTP status; 0 if there was no response
 * @param body the parsed body
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
 * Never throws, because a failed renewal must not cost the request that waits for the token.
 *
 * The token is in the query because Meta documents no other form for this endpoint. The URL goes only to `baseUrl`, and this
 * function swallows errors, so that no log contains it.
 */
export async function refreshToken(
	http: IHttpRequestHelper['helpers'],
	credentials: ICredentialDataDecryptedObject,
	now: number,
): Promise<RefreshOutcome> {
	try {
		const response = (await http.httpRequest({
			method: 'GET',
			url: `${addressOf(credentials, 'https://graph.instagram.com')}${REFRESH.path}`,
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
