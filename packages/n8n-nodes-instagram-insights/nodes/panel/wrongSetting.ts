import { InsightsError, isInsightsError, type QueryProblem } from '@instagram-insights/core/internal';

/** The error for a setting that is not valid and never reaches core, in the form of core's own errors. */
export function wrongSetting(field: string, value: unknown, message: string): InsightsError {
	const text = value === undefined || value === null ? '' : String(value);
	return wrongSettings([{ field, reason: 'wrong-setting', message, ...(text === '' ? {} : { value: text }) }]);
}

/** The same for several settings at once. */
export function wrongSettings(problems: readonly QueryProblem[]): InsightsError {
	return new InsightsError('invalid-query', problems.map(({ message }) => message).join(' '), {
		advice: 'Nothing was sent. Change the settings named above and run again.',
		problems,
	});
}

/**
 * The value of a number parameter, which an expression or a model can fill with anything.
 *
 * @param orElse another way out, for the error
 * @throws {InsightsError} `invalid-query`: not a whole number in the range
 */
export function readWholeNumber(
	field: string,
	value: unknown,
	{ from = 0, to = Number.MAX_SAFE_INTEGER, orElse }: { from?: number; to?: number; orElse?: string } = {},
): number {
	const isNumeric = typeof value === 'number' || (typeof value === 'string' && value.trim() !== '');
	const number = isNumeric ? Number(value) : Number.NaN;
	if (Number.isInteger(number) && number >= from && number <= to) return number;
	const range = to === Number.MAX_SAFE_INTEGER ? `of ${from} or more` : `from ${from} to ${to}`;
	const given = value === '' || value === null ? '' : `, not "${inText(value)}"`;
	const otherwise = orElse === undefined ? '' : `, or ${orElse}`;
	throw wrongSetting(field, inText(value), `Enter a whole number ${range}${given}${otherwise}.`);
}

/** A value as an error quotes it. */
function inText(value: unknown): string {
	return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value ?? '');
}

/**
 * The value of a list parameter, which an expression or a model can fill with anything; undefined if it is empty.
 *
 * @throws {InsightsError} `invalid-query`: not one of the choices
 */
export function readChoice<Choice extends string>(
	field: string,
	value: unknown,
	choices: readonly Choice[],
): Choice | undefined {
	const text = value === undefined || value === null ? '' : String(value).trim();
	if (text === '') return undefined;
	const found = choices.find((choice) => choice === text);
	if (found !== undefined) return found;
	throw wrongSetting(field, text, `"${text}" is not a choice. Choose one of ${choices.join(', ')}.`);
}

/**
 * The value of a switch, which an expression or a model can fill with anything, such as the text "false".
 *
 * @param preset the value if it is empty
 * @throws {InsightsError} `invalid-query`: neither true nor false
 */
export function readSwitch(field: string, value: unknown, preset: boolean): boolean {
	const text = value === undefined || value === null ? '' : String(value).trim().toLowerCase();
	if (text === '') return preset;
	if (text === 'true' || text === 'false') return text === 'true';
	throw wrongSetting(field, text, `Set it to true or false, not "${text}".`);
}

/** The error of a refused question with its problems renamed. Any other error stays as it is. */
export function renameProblems(error: unknown, rename: (problem: QueryProblem) => QueryProblem): unknown {
	if (!isInsightsError(error) || error.problems === undefined) return error;
	const { kind, message, advice, problems } = error;
	return new InsightsError(kind, message, { advice, problems: problems.map(rename), cause: error });
}

/** The label in the panel for each field of a query. */
const LABELS: Readonly<Record<string, string>> = {
	account: 'Account',
	allColumns: 'All Columns',
	allowUnlisted: 'Allow Unlisted Metrics',
	authentication: 'Authentication',
	breakdown: 'Breakdown',
	comparison: 'Condition',
	compareWith: 'Compare With',
	compareWithMedian: 'Compare With Median',
	computed: 'Computed Metrics',
	dateRange: 'Date Range',
	direction: 'Direction',
	fields: 'Fields',
	granularity: 'Rows',
	graphVersion: 'Graph API Version',
	host: 'Host',
	includeInsights: 'Include Insights',
	includeRemoved: 'Include Removed',
	judgeBy: 'Judge Posts By',
	lastKeptDay: 'Only Days Not Yet Kept',
	level: 'Level',
	limit: 'Limit',
	locale: 'Language',
	maxWaitSeconds: 'Max Wait (Seconds)',
	media: 'Post',
	mediaCount: 'How Many',
	mediaIds: 'Post',
	metric: 'Metric',
	metrics: 'Metrics',
	milestoneKind: 'Milestones',
	milestoneStep: 'Step',
	minutesBefore: 'Minutes Before Expiry',
	operation: 'Operation',
	output: 'Output',
	outputFields: 'Fields to Return',
	posts: 'Posts to Average',
	postsPerList: 'Posts per List',
	productTypes: 'Product Types',
	published: 'Published',
	rearmPercent: 'Re-Arm Distance (Percent)',
	resource: 'Resource',
	returnAll: 'Return All',
	simplify: 'Simplify',
	since: 'Since',
	sortBy: 'Sort By',
	sortDirection: 'Sort Direction',
	story: 'Story',
	threshold: 'Threshold',
	timeframe: 'Timeframe',
	until: 'Until',
	username: 'Username',
	watch: 'Watch',
};

/** The label of a parameter; its name if the panel has no label for it. */
export function parameterLabel(field: string): string {
	return LABELS[field] ?? field;
}
