/** What the panel calls each member of a query. */
const LABELS: Readonly<Record<string, string>> = {
	account: 'Account',
	authentication: 'Authentication',
	breakdown: 'Breakdown',
	compareWith: 'Compare With',
	computed: 'Computed Metrics',
	dateRange: 'Date Range',
	fields: 'Fields',
	granularity: 'Rows',
	graphVersion: 'Graph API Version',
	host: 'Host',
	judgeBy: 'Judge Posts By',
	lastKeptDay: 'Only Days Not Yet Kept',
	level: 'Level',
	limit: 'Limit',
	media: 'Post',
	locale: 'Language',
	mediaIds: 'Post',
	metrics: 'Metrics',
	operation: 'Operation',
	posts: 'Posts to Average',
	productTypes: 'Product Types',
	published: 'Published',
	resource: 'Resource',
	since: 'Since',
	sortBy: 'Sort By',
	sortDirection: 'Sort Direction',
	story: 'Story',
	timeframe: 'Timeframe',
	until: 'Until',
	username: 'Username',
};

/** The label of the parameter a query problem speaks of; the name itself where the panel has none. */
export function parameterLabel(field: string): string {
	return LABELS[field] ?? field;
}
