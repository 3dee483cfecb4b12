import type {
	IAuthenticateGeneric,
	ICredentialDataDecryptedObject,
	ICredentialTestRequest,
	ICredentialType,
	Icon,
	IDataObject,
	IHttpRequestHelper,
	INodeProperties,
} from 'n8n-workflow';
import { COMMON_REFUSALS, whenAnswerHas } from './testRules';
import { isDueForRefresh, refreshToken } from './tokenRefresh';

const PERMISSIONS = 'instagram_business_basic and instagram_business_manage_insights';
const NO_PERMISSION = `The token may not read insights. Give the app the permissions ${PERMISSIONS}, then create a new token.`;

/**
 * An access token of the Instagram API with Instagram Login. It renews itself: n8n calls `preAuthentication` before every
 * request as long as the expirable field is empty, and stores what it returns. The field therefore stays empty for ever,
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
		apiBaseUrl: 'https://graph.instagram.com/v25.0/',
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

	test: ICredentialTestRequest = {
		request: {
			baseURL: '={{$credentials.baseUrl}}',
			url: '/v25.0/me/insights',
			qs: { metric: 'reach', period: 'day', metric_type: 'total_value' },
			ignoreHttpStatusErrors: true,
		},
		rules: [
			whenAnswerHas(
				'error.message',
				'Invalid OAuth access token - Cannot parse access token',
				'This is not a token of Instagram Login. A token that begins with EAA comes from Facebook Login: use the credential "Instagram Insights Facebook Login API" for it.',
			),
			...COMMON_REFUSALS,
			...[10, 3, 200].map((code) => whenAnswerHas('error.code', code, NO_PERMISSION)),
			whenAnswerHas('data', undefined, 'The answer is not one of the Instagram API. Check the Base URL.'),
		],
	};
}
