import type { InsightsErrorKind } from '../insights-error.ts';
import type { Confidence, SourceId } from './source.ts';

/** What a refusal of Graph means: every kind that an answer of Meta can have. */
export type GraphErrorKind = Exclude<InsightsErrorKind, 'answer-unreadable' | 'network' | 'cancelled' | 'unknown'>;

/** Whether the same request may be sent again: never, once, after a growing pause, or when the limit lifts. */
export type GraphErrorRetry = 'never' | 'once' | 'backoff' | 'wait';

/** What part of a request the refusal is about. */
export type GraphErrorScope =
	| 'request'
	| 'metric'
	| 'field'
	| 'media'
	| 'object'
	| 'account'
	| 'user'
	| 'page'
	| 'app'
	| 'app+ig-user'
	| 'token';

/** One refusal of Graph: how to recognize it, and what it means. */
export type GraphErrorRow = {
	/** Stable name of the rule. */
	readonly id: string;
	/** `error.code`; null: any code. */
	readonly code: number | null;
	/** Last code of a range that begins at `code`. */
	readonly codeTo?: number;
	/** `error.error_subcode`; null: any, or none. */
	readonly subcode: number | null;
	/** What Meta says, shortened, for people. */
	readonly says: string;
	/** Searched in message, user title and user message; null: any text. */
	readonly text: RegExp | null;
	readonly kind: GraphErrorKind;
	readonly retry: GraphErrorRetry;
	readonly scope: GraphErrorScope;
	/** What to do, for people. */
	readonly advice: string;
	readonly confidence: Confidence;
	readonly sources: readonly SourceId[];
};

/** What to do about another account that Meta does not show. */
export const NOT_PUBLIC_ADVICE =
	'Check the user name. Instagram shows only professional (business or creator) accounts without an age limit; personal accounts appear not to exist.';

const WAIT = 'Wait, then run it again with fewer requests: fewer posts, fewer days, or less often.';
const LATER = 'Meta has a temporary problem. Run it again in a few minutes.';
const RECONNECT = 'Connect the account again and store the new token.';
const PERMIT =
	'The token lacks the permission for insights. Connect the account again and grant instagram_business_manage_insights with Instagram Login, instagram_manage_insights and pages_read_engagement with Facebook Login.';
const CHECK_SECRET = 'Check the app secret: copy it from the settings of the Meta app that issued the token.';
const CHECKPOINT =
	'Meta asks the account owner for a security check. The owner signs in at instagram.com or facebook.com in a browser and follows the steps. Then run it again; if the error stays, connect the account again.';
const PEOPLE = 'Instagram shows this metric only with more than 100 people in each breakdown.';
const RIGHT_ID =
	'The ID of a professional account has digits only and usually begins with 1784. With Instagram Login it is the user_id of /me, with Facebook Login the instagram_business_account of the Page';
const TESTER =
	'While the Meta app is in development mode, add the account owner under App roles > Instagram Testers; the owner accepts in Instagram under Settings > Apps and websites > Tester invites.';

/**
 * Refusals of Graph, specific ones before general ones: the first row that fits decides. A row fits when code,
 * subcode and text all fit. `error.type` does not count: both hosts use one type for many causes (S26, S28).
 */
// biome-ignore format: a table reads by columns
export const GRAPH_ERROR_CODES: readonly GraphErrorRow[] = [
	// The app as a whole, whatever the code: other requests fail too.
	{ id: 'app-deleted', code: null, subcode: null, says: 'Application has been deleted', text: /app(?:lication)? (?:has been|was) deleted/i, kind: 'auth', retry: 'never', scope: 'app', advice: 'The Meta app behind the token was deleted. Choose another app in the App Dashboard, or create one, and make a new token with it.', confidence: 'medium', sources: ['S47'] },
	{ id: 'app-blocked', code: null, subcode: null, says: 'API access blocked; API access deactivated; App not active', text: /api access (?:has been |is |was )?(?:blocked|deactivated|disabled|suspended|restricted)|app(?:lication)? (?:is |has been )?(?:not active|inactive|disabled|deactivated|suspended)/i, kind: 'blocked', retry: 'never', scope: 'app', advice: 'Meta has switched off the API for this app. Stop the workflow, open the App Dashboard and follow Alerts and Required actions there.', confidence: 'medium', sources: ['S47'] },
	// There is no number, or not yet.
	{ id: 'before-conversion', code: 100, subcode: 2108006, says: 'posted before ... converted to a business account', text: null, kind: 'before-conversion', retry: 'never', scope: 'media', advice: 'Posts published before the account became professional never have insights. Leave them out.', confidence: 'high', sources: ['S28'] },
	{ id: 'too-few-viewers', code: 10, subcode: null, says: 'Not enough viewers for the media to show insights', text: /not enough viewers/i, kind: 'too-few-viewers', retry: 'never', scope: 'media', advice: 'Instagram shows insights after five people have seen it. Try again later.', confidence: 'high', sources: ['S02', 'S20'] },
	{ id: 'too-few-followers', code: null, subcode: 2874010, says: 'Not enough users ("more than 100 people in each breakdown")', text: null, kind: 'too-few-followers', retry: 'never', scope: 'metric', advice: PEOPLE, confidence: 'medium', sources: ['S47'] },
	{ id: 'too-few-followers-text', code: null, subcode: null, says: 'Not enough users', text: /not enough (users|followers)/i, kind: 'too-few-followers', retry: 'never', scope: 'metric', advice: PEOPLE, confidence: 'low', sources: [] },
	// Metrics.
	{ id: 'not-shared-to-facebook', code: -1, subcode: 2207086, says: 'Fatal', text: null, kind: 'unsupported-metric', retry: 'never', scope: 'metric', advice: 'The metrics facebook_views and crossposted_views exist only for posts shared to Facebook. Ask for the other metrics without them.', confidence: 'high', sources: ['S07', 'S14'] },
	{ id: 'metric-unsupported', code: 100, subcode: null, says: 'does not support the * metric for this media product type', text: /does not support the .+ metric/i, kind: 'unsupported-metric', retry: 'never', scope: 'metric', advice: 'Instagram does not have the metric for this kind of post. Leave the metric out.', confidence: 'high', sources: ['S07', 'S20'] },
	{ id: 'metric-unknown', code: 100, subcode: null, says: 'metric[N] must be one of the following values', text: /metric\[\d+\] must be one of/i, kind: 'unknown-metric', retry: 'never', scope: 'metric', advice: 'Instagram does not know the metric name. Pick one from the list.', confidence: 'high', sources: ['S07', 'S08'] },
	{ id: 'metric-invalid', code: 100, subcode: null, says: 'The value must be a valid insights metric', text: /must be a valid insights metric/i, kind: 'unknown-metric', retry: 'never', scope: 'metric', advice: `Instagram does not have this metric for the ID. If it refuses every metric like this, the ID belongs to a Facebook Page. ${RIGHT_ID}. Otherwise pick the metric from the list.`, confidence: 'high', sources: ['S14'] },
	{ id: 'metric-removed', code: 100, subcode: null, says: 'no longer supported', text: /no longer supported/i, kind: 'unsupported-metric', retry: 'never', scope: 'metric', advice: 'Instagram removed the metric. Leave it out; the list of metrics shows what replaced it.', confidence: 'high', sources: ['S20', 'S38'] },
	// Windows.
	{ id: 'window-too-wide', code: 100, subcode: null, says: 'There cannot be more than 30 days (2592000 s) between since and until', text: /cannot be more than \d+ days/i, kind: 'window', retry: 'never', scope: 'request', advice: 'Ask for fewer days at a time: Meta says how many.', confidence: 'high', sources: ['S06', 'S11', 'S12'] },
	{ id: 'window-too-old', code: 100, subcode: null, says: 'since param is not valid. Metrics data is available for the last 2 years', text: /available for the last 2 years/i, kind: 'window', retry: 'never', scope: 'request', advice: 'Instagram keeps two years. Choose a later first day.', confidence: 'high', sources: ['S06', 'S09', 'S10', 'S20'] },
	{ id: 'window-days-back', code: 100, subcode: null, says: 'only supports querying data for the last 30 days excluding the current day', text: /last \d+ days excluding the current day/i, kind: 'window', retry: 'never', scope: 'metric', advice: 'The metric goes back only as many days as Meta says, up to yesterday. Choose a later first day, and yesterday as the last.', confidence: 'high', sources: ['S30'] },
	// Questions that do not hold together.
	{ id: 'metric-type', code: 100, subcode: null, says: 'should be specified with parameter metric_type=total_value', text: /metric_type=total_value/i, kind: 'invalid-query', retry: 'never', scope: 'request', advice: 'Instagram gives these metrics as a total only. Ask for the total, not for a daily series in one call.', confidence: 'high', sources: ['S12', 'S36'] },
	{ id: 'metric-type-series', code: 100, subcode: null, says: 'incompatible with the metric type (total_value)', text: /incompatible with the metric type/i, kind: 'invalid-query', retry: 'never', scope: 'metric', advice: 'Instagram has no total of this metric. Ask for it as a daily series.', confidence: 'medium', sources: ['S47'] },
	{ id: 'period', code: 100, subcode: null, says: 'periods (*) are incompatible with the metric', text: /incompatible with the metric/i, kind: 'invalid-query', retry: 'never', scope: 'request', advice: 'Ask for the metric with a period it has: day for most, lifetime for demographics.', confidence: 'high', sources: ['S07', 'S11'] },
	{ id: 'breakdown-incompatible', code: 100, subcode: null, says: 'Incompatible breakdowns', text: /incompatible breakdowns/i, kind: 'invalid-query', retry: 'never', scope: 'request', advice: 'The metric does not support this breakdown. Choose another one, or none.', confidence: 'high', sources: ['S07'] },
	{ id: 'breakdown-unknown', code: 100, subcode: null, says: 'breakdown[N] must be one of the following values', text: /breakdown\[\d+\] must be one of/i, kind: 'invalid-query', retry: 'never', scope: 'request', advice: 'Instagram does not know the breakdown. Pick one from the list.', confidence: 'high', sources: ['S07'] },
	{ id: 'breakdown-unsupported', code: 100, subcode: null, says: 'An unknown error has occurred (breakdown not supported)', text: /unknown error has occurred/i, kind: 'invalid-query', retry: 'never', scope: 'request', advice: 'Meta does not say what is wrong. Usually a metric does not support the breakdown: ask without it.', confidence: 'high', sources: ['S01', 'S02'] },
	// HTTP status 500, and yet it will never work.
	{ id: 'ids-removed', code: 100, subcode: null, says: 'The ids query parameter is deprecated in v26.0+ (sent with HTTP 500)', text: /ids query parameter is deprecated/i, kind: 'invalid-query', retry: 'never', scope: 'request', advice: 'Meta removed reading several objects by ids=. Read them one by one, or in a batch.', confidence: 'high', sources: ['S42', 'S19'] },
	// Objects and fields.
	{ id: 'object-missing', code: 100, subcode: 33, says: 'does not exist, cannot be loaded due to missing permissions', text: null, kind: 'not-found', retry: 'once', scope: 'object', advice: `The object does not exist, or this token may not read it. Check the ID, and that it belongs to an account of this token. ${RIGHT_ID}.`, confidence: 'high', sources: ['S20'] },
	{ id: 'object-missing-text', code: null, subcode: null, says: 'does not exist, cannot be loaded due to missing permissions (without a subcode)', text: /object with id .+ does not exist|does not exist, cannot be loaded/i, kind: 'not-found', retry: 'once', scope: 'object', advice: `The object does not exist, or this token may not read it. Check the ID, and that it belongs to an account of this token. ${RIGHT_ID}.`, confidence: 'medium', sources: ['S47'] },
	{ id: 'method-unsupported', code: null, subcode: null, says: 'Unsupported request - method type: get', text: /unsupported request - method type/i, kind: 'permission', retry: 'never', scope: 'object', advice: `Instagram does not let this token read this ID. ${TESTER} If that is done, check the ID. ${RIGHT_ID}.`, confidence: 'medium', sources: ['S47'] },
	{ id: 'media-missing', code: 24, subcode: 2207006, says: 'The media with {media-id} cannot be found', text: null, kind: 'not-found', retry: 'never', scope: 'object', advice: 'The post was deleted, or the ID is wrong.', confidence: 'high', sources: ['S43'] },
	{ id: 'username-unknown', code: 110, subcode: 2207013, says: 'The user with username: … cannot be found.', text: null, kind: 'not-found', retry: 'never', scope: 'object', advice: NOT_PUBLIC_ADVICE, confidence: 'high', sources: ['S51', 'S52'] },
	{ id: 'username-unknown-text', code: null, subcode: null, says: 'The user with username: … cannot be found; Invalid user id', text: /user with username:? .+ (?:cannot|could not) be found|cannot find user\b|invalid user id/i, kind: 'not-found', retry: 'never', scope: 'object', advice: NOT_PUBLIC_ADVICE, confidence: 'medium', sources: ['S52'] },
	{ id: 'alias-missing', code: 803, subcode: null, says: 'Some of the aliases you requested do not exist', text: null, kind: 'not-found', retry: 'never', scope: 'object', advice: 'Check the ID: Meta does not know this object.', confidence: 'low', sources: [] },
	{ id: 'field-view-count', code: 36104, subcode: null, says: 'view_count outside Business Discovery', text: null, kind: 'unsupported-field', retry: 'never', scope: 'field', advice: 'Leave the field view_count out and ask for the metric views.', confidence: 'high', sources: ['S07'] },
	{ id: 'field-copyright-check', code: 9005, subcode: 1452042, says: 'Video content was not found (copyright_check_information)', text: null, kind: 'unsupported-field', retry: 'never', scope: 'field', advice: 'Leave the field copyright_check_information out: it exists on videos only.', confidence: 'high', sources: ['S07'] },
	{ id: 'app-token', code: null, subcode: null, says: 'An active access token must be used; node type (Application)', text: /active access token must be used|on node type \(application\)/i, kind: 'auth', retry: 'never', scope: 'token', advice: 'The token is empty, or it is an app token (ID|secret), which cannot read accounts. Store the token of a person, a Page or a system user.', confidence: 'medium', sources: ['S47'] },
	{ id: 'not-a-medium', code: null, subcode: null, says: 'Tried accessing nonexisting field (media_type)', text: /nonexisting field \(media_(?:product_)?type\)/i, kind: 'not-found', retry: 'never', scope: 'object', advice: 'The ID belongs to something other than a post, reel or story, such as an account. Use an ID from a list of posts or stories.', confidence: 'medium', sources: ['S47'] },
	{ id: 'node-of-other-type', code: null, subcode: null, says: 'Tried accessing nonexisting field (insights) on node type (Page)', text: /nonexisting field \((?!accounts\))\w+\) on node type \((?!(?:shadow)?ig|instagram)\w+\)/i, kind: 'not-found', retry: 'never', scope: 'object', advice: `The ID belongs to something other than an Instagram account or post, such as a Facebook Page, a person or a business. Use the right one. ${RIGHT_ID}.`, confidence: 'medium', sources: ['S47'] },
	{ id: 'field-nonexisting', code: 100, subcode: null, says: 'Tried accessing nonexisting field', text: /nonexisting field/i, kind: 'unsupported-field', retry: 'never', scope: 'field', advice: 'The field does not exist on this host. Leave it out.', confidence: 'high', sources: ['S06', 'S07'] },
	{ id: 'app-secret-proof', code: 100, subcode: null, says: 'Invalid appsecret_proof provided in the API argument', text: /appsecret_proof/i, kind: 'auth', retry: 'never', scope: 'app', advice: CHECK_SECRET, confidence: 'medium', sources: ['S45'] },
	{ id: 'path-unknown', code: 2500, subcode: null, says: 'Unknown path components / syntax error', text: null, kind: 'invalid-query', retry: 'never', scope: 'request', advice: 'The address or the list of fields is malformed. Check the IDs and field names.', confidence: 'high', sources: ['S21', 'S07'] },
	// Tokens.
	{ id: 'session', code: 102, subcode: null, says: 'session', text: null, kind: 'auth', retry: 'never', scope: 'token', advice: `The session behind the token has ended. ${RECONNECT}`, confidence: 'high', sources: ['S27'] },
	{ id: 'session-key-invalid', code: null, subcode: null, says: 'Session key invalid', text: /session key invalid/i, kind: 'auth', retry: 'never', scope: 'token', advice: 'A token from the app dashboard is already long-lived: use it unchanged.', confidence: 'medium', sources: ['S16'] },
	{ id: 'token-unparsable', code: 190, subcode: null, says: 'Cannot parse access token', text: /cannot parse access token/i, kind: 'wrong-host', retry: 'never', scope: 'token', advice: 'The token is incomplete, or it belongs to the other login. Copy it again in full. Tokens of Instagram Login (IGAA…) work on graph.instagram.com, tokens of Facebook Login (EAA…) on graph.facebook.com.', confidence: 'high', sources: ['S29'] },
	{ id: 'token-malformed', code: 190, subcode: null, says: 'Malformed access token', text: /malformed access token|bad signature/i, kind: 'auth', retry: 'never', scope: 'token', advice: 'The token is incomplete. Copy it again in full and store it.', confidence: 'medium', sources: ['S47'] },
	{ id: 'token-app-removed', code: 190, subcode: 458, says: 'App not installed', text: null, kind: 'auth', retry: 'never', scope: 'token', advice: `The account owner removed the app. ${RECONNECT}`, confidence: 'high', sources: ['S27'] },
	{ id: 'token-checkpoint', code: 190, subcode: 459, says: 'User checkpointed', text: null, kind: 'auth', retry: 'never', scope: 'token', advice: CHECKPOINT, confidence: 'high', sources: ['S27'] },
	{ id: 'token-checkpoint-490', code: 190, subcode: 490, says: 'User is enrolled in a blocking, logged-in checkpoint', text: null, kind: 'auth', retry: 'never', scope: 'token', advice: CHECKPOINT, confidence: 'medium', sources: ['S47'] },
	{ id: 'token-password-changed', code: 190, subcode: 460, says: 'Password changed', text: null, kind: 'auth', retry: 'never', scope: 'token', advice: `The password was changed, which ends every token. ${RECONNECT}`, confidence: 'high', sources: ['S27'] },
	{ id: 'token-expired', code: 190, subcode: 463, says: 'Expired', text: null, kind: 'auth', retry: 'never', scope: 'token', advice: `The token has expired. ${RECONNECT}`, confidence: 'high', sources: ['S27'] },
	{ id: 'token-unconfirmed', code: 190, subcode: 464, says: 'Unconfirmed user', text: null, kind: 'auth', retry: 'never', scope: 'token', advice: 'The account is not confirmed yet. The owner must sign in to Instagram or Facebook and confirm it.', confidence: 'high', sources: ['S27'] },
	{ id: 'token-invalid', code: 190, subcode: 467, says: 'Invalid access token', text: null, kind: 'auth', retry: 'never', scope: 'token', advice: `Meta no longer accepts the token. ${RECONNECT}`, confidence: 'high', sources: ['S27'] },
	{ id: 'token-page-role-lost', code: 190, subcode: 492, says: 'Invalid session (page role lost)', text: null, kind: 'auth', retry: 'never', scope: 'page', advice: 'The person behind the token lost the role on the Facebook Page. Restore it under Page settings > Page access, then connect again.', confidence: 'high', sources: ['S27'] },
	{ id: 'checkpoint', code: null, subcode: null, says: 'checkpoint; log in to www.facebook.com and follow the instructions', text: /checkpoint|log ?in to (?:www\.)?(?:facebook|instagram)\.com and follow/i, kind: 'auth', retry: 'never', scope: 'user', advice: CHECKPOINT, confidence: 'medium', sources: ['S47'] },
	{ id: 'two-factor', code: null, subcode: null, says: 'two-factor authentication', text: /two[- ]?factor|\b2fa\b/i, kind: 'permission', retry: 'never', scope: 'user', advice: 'The Page or the business requires two-factor authentication. The person who connected the account must turn it on in Accounts Center > Password and security, then connect the account again.', confidence: 'medium', sources: ['S47'] },
	{ id: 'account-gone', code: null, subcode: null, says: 'The user account was deleted or disabled', text: /(?:user|account) (?:has been|was|is) (?:deleted|disabled|deactivated|suspended)/i, kind: 'auth', retry: 'never', scope: 'account', advice: `The account was deleted or disabled. The owner can restore it by signing in to Instagram; otherwise use another account. ${RECONNECT}`, confidence: 'medium', sources: ['S47'] },
	{ id: 'page-gone', code: null, subcode: null, says: 'The Page was deleted; Page ID was migrated', text: /page (?:id )?(?:\S+ )?(?:has been|was|is) (?:deleted|removed|unpublished|merged|migrated)/i, kind: 'not-found', retry: 'never', scope: 'page', advice: 'The Facebook Page was deleted or merged. Link the Instagram account to a Page that exists, then connect the account again.', confidence: 'medium', sources: ['S47'] },
	{ id: 'page-role', code: null, subcode: null, says: 'not an admin of the Page; does not have a role', text: /not (?:an? )?(?:page )?(?:admin|administrator|editor|moderator)\b|must be an? (?:admin|administrator|editor|moderator)|(?:not|n't|lacks?|without|insufficient|sufficient) (?:have )?(?:an? |any |the |sufficient )?(?:\w+ )?(?:role on|role for|administrative permission|task)/i, kind: 'permission', retry: 'never', scope: 'page', advice: 'The person who connected the account has no role on the Facebook Page. Give them full control or the task Insights under Page settings > Page access, then connect the account again.', confidence: 'medium', sources: ['S47'] },
	{ id: 'app-id', code: 101, subcode: null, says: 'Error validating application', text: null, kind: 'auth', retry: 'never', scope: 'app', advice: 'Meta does not know this app ID. Copy it again from the App Dashboard.', confidence: 'medium', sources: ['S46'] },
	{ id: 'app-secret', code: 1, subcode: null, says: 'Error validating client secret', text: /client secret/i, kind: 'auth', retry: 'never', scope: 'app', advice: CHECK_SECRET, confidence: 'medium', sources: ['S44'] },
	// Permissions.
	{ id: 'tester-role', code: null, subcode: null, says: 'Insufficient developer role', text: /insufficient developer role|development mode|\btesters?\b/i, kind: 'permission', retry: 'never', scope: 'user', advice: `The account has no role in the Meta app. ${TESTER}`, confidence: 'medium', sources: ['S47'] },
	{ id: 'app-not-reviewed', code: null, subcode: null, says: 'must be reviewed and approved; Public Content Access; Advanced Access', text: /reviewed and approved|public content access|app review|advanced access|\bwhitelist/i, kind: 'permission', retry: 'never', scope: 'app', advice: 'The Meta app needs App Review for this feature. Request it in the App Dashboard under App Review > Permissions and features; until then leave it out.', confidence: 'medium', sources: ['S47'] },
	{ id: 'not-professional', code: null, subcode: null, says: 'not an Instagram business account', text: /not (?:an? |linked to an? )?(?:instagram )?(?:business|professional|creator)(?: or \w+)? (?:account|profile)/i, kind: 'permission', retry: 'never', scope: 'account', advice: 'The Instagram account is personal. The owner must switch it to a professional account in Instagram under Settings > Account type and tools, then connect it again.', confidence: 'medium', sources: ['S47'] },
	{ id: 'metric-not-for-media', code: 200, subcode: null, says: 'metric is not available for this media', text: /metric is not available for this media/i, kind: 'unsupported-metric', retry: 'never', scope: 'metric', advice: 'Instagram does not have the metric for this kind of post. Leave the metric out.', confidence: 'medium', sources: ['S14'] },
	{ id: 'account-restricted', code: 25, subcode: 2207050, says: 'The Instagram account is restricted', text: null, kind: 'permission', retry: 'never', scope: 'account', advice: 'Instagram has restricted the account. The owner must open the Instagram app and follow the steps.', confidence: 'high', sources: ['S43'] },
	{ id: 'policy-block', code: 368, subcode: null, says: 'Temporarily blocked for policy violations', text: null, kind: 'blocked', retry: 'never', scope: 'user', advice: 'Meta has temporarily blocked the account or the app. Stop the workflow and check the app dashboard.', confidence: 'high', sources: ['S27'] },
	// Rate limits.
	{ id: 'rate-app', code: 4, subcode: null, says: 'Application request limit reached', text: null, kind: 'rate-limit', retry: 'wait', scope: 'app', advice: WAIT, confidence: 'high', sources: ['S26'] },
	{ id: 'rate-user', code: 17, subcode: null, says: 'User request limit reached', text: null, kind: 'rate-limit', retry: 'wait', scope: 'user', advice: WAIT, confidence: 'high', sources: ['S26'] },
	{ id: 'rate-page', code: 32, subcode: null, says: 'Page request limit reached', text: null, kind: 'rate-limit', retry: 'wait', scope: 'page', advice: WAIT, confidence: 'high', sources: ['S26'] },
	{ id: 'rate-app-older', code: 341, subcode: null, says: 'Application limit reached', text: null, kind: 'rate-limit', retry: 'wait', scope: 'app', advice: WAIT, confidence: 'high', sources: ['S27'] },
	{ id: 'rate-custom', code: 613, subcode: null, says: 'custom rate limit', text: null, kind: 'rate-limit', retry: 'wait', scope: 'app', advice: WAIT, confidence: 'high', sources: ['S26'] },
	{ id: 'rate-instagram', code: 80002, subcode: null, says: 'Instagram BUC limit', text: null, kind: 'rate-limit', retry: 'wait', scope: 'app+ig-user', advice: `The account has used up its calls for now. Meta allows more calls to accounts with more impressions. ${WAIT}`, confidence: 'high', sources: ['S26', 'S24'] },
	{ id: 'rate-business', code: 80000, codeTo: 80014, subcode: null, says: 'There have been too many calls to this Page account', text: null, kind: 'rate-limit', retry: 'wait', scope: 'app', advice: WAIT, confidence: 'medium', sources: ['S26'] },
	// Passing trouble.
	{ id: 'too-much-data', code: 1, subcode: null, says: 'Please reduce the amount of data', text: /reduce the amount of data/i, kind: 'too-much-data', retry: 'never', scope: 'request', advice: 'Ask for fewer posts a page or fewer fields.', confidence: 'high', sources: ['S27', 'S20'] },
	{ id: 'unknown-failure', code: 1, subcode: null, says: '(any)', text: null, kind: 'transient', retry: 'backoff', scope: 'request', advice: LATER, confidence: 'high', sources: ['S27', 'S20'] },
	{ id: 'temporary', code: 2, subcode: null, says: 'temporary', text: null, kind: 'transient', retry: 'backoff', scope: 'request', advice: LATER, confidence: 'high', sources: ['S27', 'S12'] },
	// The meaning of a code if nothing above fits, without advice about one metric, field or account.
	{ id: 'token-refused', code: 190, subcode: null, says: 'any other 190', text: null, kind: 'auth', retry: 'never', scope: 'token', advice: `Meta no longer accepts the token. ${RECONNECT}`, confidence: 'high', sources: ['S27'] },
	{ id: 'permission-missing', code: 10, subcode: null, says: 'does not have permission', text: null, kind: 'permission', retry: 'never', scope: 'token', advice: PERMIT, confidence: 'high', sources: ['S27', 'S20'] },
	{ id: 'capability-missing', code: 3, subcode: null, says: 'capability', text: null, kind: 'permission', retry: 'never', scope: 'app', advice: 'The Meta app is not allowed to do this. Add the Instagram product and its permissions to the app in the App Dashboard, and request App Review if the app reads accounts of others.', confidence: 'high', sources: ['S27'] },
	{ id: 'permission-range', code: 200, codeTo: 299, subcode: null, says: '200-299', text: null, kind: 'permission', retry: 'never', scope: 'token', advice: 'The token lacks a permission. Connect the account again and grant the permission that Meta names.', confidence: 'high', sources: ['S27', 'S14'] },
	{ id: 'parameter-invalid', code: 100, subcode: null, says: 'Invalid parameter (other)', text: null, kind: 'invalid-query', retry: 'never', scope: 'request', advice: 'Meta refused the request without naming the part it means. Check the ID, the days and the breakdown, then ask for fewer metrics at a time.', confidence: 'high', sources: ['S27'] },
];

/** What a status means when Graph's body does not help. The first fit counts; any other status is `unknown`. */
// biome-ignore format: a table reads by columns
export const GRAPH_STATUS_FALLBACKS: readonly { readonly id: string; readonly from: number; readonly to: number; readonly kind: GraphErrorKind; readonly retry: GraphErrorRetry; readonly advice: string }[] = [
	{ id: 'http-401', from: 401, to: 401, kind: 'auth',       retry: 'never',   advice: `Meta does not accept the token. ${RECONNECT}` },
	{ id: 'http-403', from: 403, to: 403, kind: 'permission', retry: 'never',   advice: PERMIT },
	{ id: 'http-404', from: 404, to: 404, kind: 'not-found',  retry: 'never',   advice: 'This object does not exist. Check the ID and the base URL.' },
	{ id: 'http-408', from: 408, to: 408, kind: 'transient',  retry: 'backoff', advice: LATER },
	{ id: 'http-429', from: 429, to: 429, kind: 'rate-limit', retry: 'wait',    advice: WAIT },
	{ id: 'http-5xx', from: 500, to: 599, kind: 'transient',  retry: 'backoff', advice: LATER },
];
