/** How sure a fact is: `high` = two independent sources agree, `medium` = one good source, `low` = weak or contradicted. */
export type Confidence = 'high' | 'medium' | 'low';

/** What kind of source it is. A measurement outranks a document if they disagree. */
export type SourceKind =
	| 'meta-doc'
	| 'meta-doc-mirror'
	| 'first-party-code'
	| 'field-measurement'
	| 'code-in-production'
	| 'secondary'
	| 'issue';

/** Where a fact comes from. */
export type SourceRow = {
	readonly title: string;
	readonly kind: SourceKind;
	/** Public address, where there is one. */
	readonly url?: string;
	/** `YYYY-MM-DD`: the day the source itself gives (page read, measurement taken, commit made), else the day it was looked up. */
	readonly readOn: string;
};

const DOCS = 'https://developers.facebook.com/documentation/instagram-platform';

// biome-ignore format: a table reads by columns
const ROWS = {
	S01: { readOn: '2026-09-11', kind: 'meta-doc-mirror', title: 'Reference page of account insights', url: `${DOCS}/api-reference/instagram-user/insights` },
	S02: { readOn: '2026-09-11', kind: 'meta-doc-mirror', title: 'Reference page of media insights', url: `${DOCS}/reference/instagram-media/insights` },
	S03: { readOn: '2026-09-11', kind: 'meta-doc-mirror', title: 'Instagram Platform changelog', url: `${DOCS}/changelog` },
	S04: { readOn: '2026-08-05', kind: 'first-party-code', title: 'Meta business SDK for Node.js at v26.0', url: 'https://github.com/facebook/facebook-nodejs-business-sdk' },
	S05: { readOn: '2026-06-24', kind: 'first-party-code', title: 'Meta business SDK for Python, parameter types', url: 'https://github.com/facebook/facebook-python-business-sdk' },
	S06: { readOn: '2026-09-30', kind: 'field-measurement', title: 'Probe of one account on graph.facebook.com v25.0' },
	S07: { readOn: '2026-05-08', kind: 'field-measurement', title: 'Seventy-one probes on graph.facebook.com v22.0' },
	S08: { readOn: '2026-06-24', kind: 'field-measurement', title: 'Metric introspection on graph.facebook.com v22.0 (tap-instagram-user)', url: 'https://github.com/plinxore/tap-instagram-user' },
	S09: { readOn: '2026-08-26', kind: 'field-measurement', title: 'Daily series and windows on graph.instagram.com v22.0' },
	S10: { readOn: '2026-09-07', kind: 'field-measurement', title: 'Three accounts on graph.instagram.com' },
	S11: { readOn: '2026-09-24', kind: 'field-measurement', title: 'Period reach measured in production on graph.facebook.com' },
	S12: { readOn: '2026-08-24', kind: 'field-measurement', title: 'Forty-eight accounts probed on graph.facebook.com v21.0' },
	S13: { readOn: '2026-11-23', kind: 'field-measurement', title: 'Read-me of meta-business-insights-mcp (v26.0, System User token)' },
	S14: { readOn: '2026-09-01', kind: 'field-measurement', title: 'Probe of graph.facebook.com from v19.0 to v26.0' },
	S15: { readOn: '2026-11-23', kind: 'code-in-production', title: 'A Graph client for graph.instagram.com v23.0' },
	S16: { readOn: '2026-11-23', kind: 'code-in-production', title: 'A provider for graph.instagram.com v25.0 in Python' },
	S17: { readOn: '2026-10-29', kind: 'meta-doc', title: 'Version table of the Graph API', url: 'https://developers.facebook.com/documentation/development/graph-api/changelog' },
	S18: { readOn: '2026-07-29', kind: 'meta-doc', title: 'Announcement of Graph API v26.0', url: 'https://developers.facebook.com/blog/post/2026/07/29/introducing-graph-api-v26-and-marketing-api-v26/' },
	S19: { readOn: '2026-11-23', kind: 'secondary', title: 'Repositories quoting the v26.0 changes and the live refusal of ids=' },
	S20: { readOn: '2026-11-23', kind: 'code-in-production', title: 'Airbyte Instagram connector, its tests and issues', url: 'https://github.com/airbytehq/airbyte/tree/master/airbyte-integrations/connectors/source-instagram' },
	S21: { readOn: '2026-05-24', kind: 'code-in-production', title: 'restfb: Instagram Login client and samples', url: 'https://github.com/restfb/restfb' },
	S22: { readOn: '2026-11-23', kind: 'meta-doc', title: 'Reference pages of the token exchange and refresh', url: `${DOCS}/reference/refresh_access_token` },
	S23: { readOn: '2026-09-30', kind: 'secondary', title: 'Samples from the Business Login and Get started pages' },
	S24: { readOn: '2026-09-30', kind: 'secondary', title: 'A survey of the Instagram documentation' },
	S25: { readOn: '2026-11-23', kind: 'meta-doc', title: 'Batch requests', url: 'https://developers.facebook.com/docs/graph-api/batch-requests' },
	S26: { readOn: '2026-09-21', kind: 'meta-doc', title: 'Rate limits', url: 'https://developers.facebook.com/docs/graph-api/overview/rate-limiting/' },
	S27: { readOn: '2026-11-23', kind: 'meta-doc-mirror', title: 'Handling errors', url: 'https://developers.facebook.com/docs/graph-api/guides/error-handling' },
	S28: { readOn: '2026-11-23', kind: 'field-measurement', title: 'Bodies of the before-conversion refusal on both hosts' },
	S29: { readOn: '2026-11-23', kind: 'field-measurement', title: 'An Instagram token sent to graph.facebook.com' },
	S30: { readOn: '2026-11-23', kind: 'field-measurement', title: 'Text of the 30-day refusal of follower_count in four repositories' },
	S31: { readOn: '2026-09-11', kind: 'meta-doc-mirror', title: 'Reference pages of the media and stories edges', url: `${DOCS}/instagram-graph-api/reference/ig-user/media` },
	S32: { readOn: '2026-11-23', kind: 'meta-doc-mirror', title: 'Postman collection with samples from graph.instagram.com' },
	S33: { readOn: '2026-11-23', kind: 'code-in-production', title: 'story_insights webhook samples', url: 'https://github.com/restfb/restfb/blob/master/src/test/resources/json/instagram/wh-story_insights.json' },
	S34: { readOn: '2026-10-01', kind: 'field-measurement', title: 'The served version, and how expired versions are forwarded' },
	S35: { readOn: '2025-12-03', kind: 'meta-doc', title: 'Announcement of the Instagram API updates of December 2025', url: 'https://developers.facebook.com/blog/post/2025/12/03/instragram-api-updates/' },
	S36: { readOn: '2026-11-23', kind: 'code-in-production', title: 'A series reader on graph.facebook.com with calendar dates' },
	S37: { readOn: '2026-11-23', kind: 'code-in-production', title: 'A provider with nested insights on graph.facebook.com' },
	S38: { readOn: '2026-08-21', kind: 'code-in-production', title: 'postiz on both hosts', url: 'https://github.com/gitroomhq/postiz-app' },
	S39: { readOn: '2026-11-23', kind: 'issue', title: 'meta-mcp pull requests 174 and 195', url: 'https://github.com/exileum/meta-mcp/pull/174' },
	S40: { readOn: '2026-11-23', kind: 'secondary', title: 'A token answer with a numeric user_id' },
	S41: { readOn: '2026-11-23', kind: 'field-measurement', title: 'A year of daily history in one call' },
	S42: { readOn: '2026-11-23', kind: 'field-measurement', title: 'The end of ids= on both hosts, seen by six repositories' },
	S43: { readOn: '2026-09-19', kind: 'meta-doc-mirror', title: 'Instagram error codes', url: 'https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/error-codes' },
	S44: { readOn: '2015-12-03', kind: 'issue', title: 'A wrong app secret at the token exchange, with its body', url: 'https://github.com/facebookarchive/php-graph-sdk/issues/538' },
	S45: { readOn: '2018-09-19', kind: 'issue', title: 'A wrong appsecret_proof, with its body', url: 'https://github.com/facebook/facebook-python-business-sdk/issues/528' },
	S46: { readOn: '2024-10-20', kind: 'issue', title: 'A wrong app id of an Instagram app, with its body', url: 'https://github.com/sns-sdks/python-facebook/issues/271' },
	S47: { readOn: '2026-11-27', kind: 'code-in-production', title: 'Refusals quoted in public code and issues of 2023 to 2026, each in several repositories' },
	S48: { readOn: '2026-11-04', kind: 'meta-doc', title: 'Announcement of Graph API v27.0, and reference pages that show it' },
	S49: { readOn: '2026-10-28', kind: 'meta-doc', title: 'Webhook setup and webhook fields of the Instagram platform', url: `${DOCS}/webhooks` },
	S50: { readOn: '2026-07-16', kind: 'field-measurement', title: 'Reach of rolling weeks and 28 days on graph.facebook.com v25.0 (jsff-meta-dash-pipe)' },
	S51: { readOn: '2026-11-27', kind: 'meta-doc', title: 'Reference page of business discovery', url: 'https://developers.facebook.com/docs/instagram-api/reference/ig-user/business_discovery' },
	S52: { readOn: '2026-11-27', kind: 'code-in-production', title: 'Four readers of business discovery that name its refusal 110 / 2207013' },
	S53: { readOn: '2026-09-07', kind: 'code-in-production', title: 'The names Meta lists when it refuses one in subscribed_fields, quoted by several repositories, and the list of its Python SDK' },
	S54: { readOn: '2024-06-26', kind: 'meta-doc', title: 'Webhook events of the Messenger Platform', url: 'https://developers.facebook.com/documentation/business-messaging/messenger-platform/webhooks/webhook-events' },
} as const satisfies Record<string, SourceRow>;

/** The name of a source: `S01` and so on, the same in every table. */
export type SourceId = keyof typeof ROWS;

/** Where each fact of the catalog comes from. No fact was measured on a live account of this project. */
export const SOURCES: Readonly<Record<SourceId, SourceRow>> = ROWS;
