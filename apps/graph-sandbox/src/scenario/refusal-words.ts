import type { RefusalRow } from '../answer/graph-error.ts';

type Words = Omit<RefusalRow, 'message'> & { readonly message: string; readonly means: string };
const plain = { type: 'OAuthException', plain: true } as const;

/** Refusals as developers quote them from the live hosts, one scenario each. */
// biome-ignore format: a table reads by columns
export const REFUSAL_WORDS = {
	'api-blocked':         { ...plain, code: 200, message: 'API access blocked.', means: 'code 200: the API is switched off for the app' },
	'api-deactivated':     { ...plain, code: 200, message: 'API access deactivated. To reactivate, go to the app dashboard.', means: 'code 200: the API was deactivated for the app' },
	'app-deleted':         { ...plain, code: 190, message: 'Error validating application. Application has been deleted.', means: 'code 190: the app behind the token was deleted' },
	'unsupported-request': { code: 100, plain: true, message: 'Unsupported request - method type: get', means: 'code 100: a tester invitation that was not accepted, or an id of another account' },
	'new-words':           { code: 100, message: 'Something that nobody has heard of is wrong with the request', means: 'code 100 in words that nobody knows' },
	'page-node':           { code: 100, message: 'Tried accessing nonexisting field (insights) on node type (Page)', means: 'code 100: the id of a Page in place of an account' },
	'not-reviewed':        { code: 10, message: "To use 'Instagram Public Content Access', your use of this endpoint must be reviewed and approved by Facebook.", means: 'code 10: the app needs App Review' },
	'page-role':           { code: 200, message: 'User does not have sufficient administrative permission for this action on this page', means: 'code 200: no role on the Page' },
	'two-factor':          { code: 200, message: 'Two factor authentication is required to manage this page', means: 'code 200: the Page demands two-factor authentication' },
	'page-gone':           { code: 21, message: 'Page ID 1 was migrated to page ID 2. Please update your API calls to the new ID', means: 'code 21: the Page was merged into another' },
} as const satisfies Readonly<Record<string, Words>>;
