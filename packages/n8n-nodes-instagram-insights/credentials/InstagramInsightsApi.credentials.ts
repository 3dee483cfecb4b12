import { DEFAULT_GRAPH_VERSION } from '@instagram-insights/core/internal';
import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialType,
	Icon,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { INSTAGRAM_TEST, PERMISSIONS } from './instagramTest';
import { isDueForRefresh, refreshToken } from './tokenRefresh';

/**
 * An access token of the Instagram API with Instagram Login. It renews itself: n8n calls `preAuthentication` before every
 * request as long as the expirable field is empty, and stores what it returns. The field therefore stays empty forever,
 * and nothing is returned, so nothing stored, unless the token was looked at.
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
		{
			displayName: 'Access Token',
			name: 'accessToken',
			type: 'string',
			typeOptions: { password: true },
			default: '',
			required: true,
			description: `Long-lived token of an Instagram professional account, from the app dashboard of Meta under Instagram > API setup. It begins with IGAA and needs the permissions ${PERMISSIONS}. It is renewed about once a week while workflows use it.`,
		},
		{
			displayName: 'Base URL',
			name: 'baseUrl',
			type: 'string',
			default: 'https://graph.instagram.com',
			required: true,
			placeholder: 'e.g. https://graph.instagram.com',
			description: 'Leave as it is, unless a proxy or a test server stands in for Meta',
		},
		{
			displayName: 'Refresh After',
			name: 'refreshAfter',
			type: 'hidden',
			default: 0,
		},
		{
			// `$rawParameter["&…"]` is the field beside this one as it is stored; `$self` and `$parameter` resolve it first.
			// n8n 2.41 keeps a stored expression by itself; older n8n would write the renewed token over it.
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
