import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

/** Every public name, by entry point. A name added or removed here is a change of the API and needs a changeset. */
const PUBLIC_NAMES: Readonly<Record<string, string>> = {
	'.': `
		AbsentReason ACCOUNT_METRICS AccountAnswer BestTime bestTimes BREAKDOWNS Bucket checkQuery Clock comparedRange
		comparePosts CompareWith compareWithMedian Comparison COMPUTED_ACCOUNT_METRICS COMPUTED_MEDIA_METRICS
		computeMetrics connect Connection ConnectOptions createAccountSubscription createAppSubscriptions
		createInsightsClient createTokenClient DATE_RANGE_PRESETS DateRangePreset DayRange Host hostOfToken HOSTS
		Insight InsightsClient InsightsClientOptions InsightsError InsightsErrorKind InsightsQuery isInsightsError
		MEDIA_METRICS MediaFields MediaItem MediaPage MediaReading OtherAccount PostComparison postingHabits Profile
		QueryProblem rankBestTimes rankBy ReachableAccount refreshDue Report ReportContent resolveDateRange Row
		TokenClient TokenClientOptions toRows Transport WEBHOOK_FIELDS writeReport
	`,
	'./webhook': `
		answerHandshake canonicalJson equalInConstantTime EventKey eventKey HandshakeAnswer InstagramEvent NamedSecret
		nearestName readWebhookSecret SignatureQuestion SignatureRefusal SignatureVerdict signStandardWebhook SplitBody splitEvents
		StandardWebhookHeaders StandardWebhookMessage StandardWebhookVerdict verifySignature
		verifyStandardWebhook WEBHOOK_FIELDS
	`,
	'./undici': `createUndiciTransport UndiciTransportOptions`,
	'./testing': `ManualClock manualClock ScriptedAnswer ScriptedTransport scriptedTransport signWebhook`,
};

const program = ts.createProgram(
	Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [] : pathOf(entry))),
	{
		allowImportingTsExtensions: true,
		noEmit: true,
		module: ts.ModuleKind.NodeNext,
		target: ts.ScriptTarget.ES2023,
		strict: true,
	},
);
const checker = program.getTypeChecker();

function pathOf(entry: { readonly '@instagram-insights/source': string }): string {
	return fileURLToPath(new URL(`../${entry['@instagram-insights/source']}`, import.meta.url));
}

function exportsOf(name: string): ts.Symbol[] {
	const entry = Object.entries(manifest.exports).find(([key]) => key === name)?.[1];
	if (entry === undefined || typeof entry === 'string') return [];
	const source = program.getSourceFile(pathOf(entry));
	const symbol = source && checker.getSymbolAtLocation(source);
	return symbol === undefined ? [] : checker.getExportsOfModule(symbol);
}

describe('the public face', () => {
	test('has one entry point per list and one without stability, and no others', () => {
		expect(Object.keys(manifest.exports)).toEqual([...Object.keys(PUBLIC_NAMES), './internal', './package.json']);
	});

	test.each(Object.entries(PUBLIC_NAMES))('exports the names listed for %s', (entry, names) => {
		const found = exportsOf(entry).map((symbol) => symbol.name);
		expect(found.toSorted()).toEqual(names.trim().split(/\s+/).toSorted());
	});

	test('has at most 90 names', () => {
		const names = Object.values(PUBLIC_NAMES).flatMap((list) => list.trim().split(/\s+/));
		expect(new Set(names).size).toBeLessThanOrEqual(90);
	});

	test('has a docstring on every name, including internal ones', () => {
		const symbols = [...Object.keys(PUBLIC_NAMES), './internal'].flatMap(exportsOf);
		const without = symbols.filter((symbol) => {
			const own = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
			return own.getDocumentationComment(checker).length === 0;
		});
		expect(symbols.length).toBeGreaterThan(90);
		expect(without.map(({ name }) => name)).toEqual([]);
	});

	test.each(['InsightsClient', 'TokenClient'])('has a docstring on every method of %s', (name) => {
		const symbol = exportsOf('.').find((exported) => exported.name === name);
		const type = symbol && checker.getDeclaredTypeOfSymbol(checker.getAliasedSymbol(symbol));
		const methods = type?.getProperties() ?? [];
		expect(methods.length).toBeGreaterThan(2);
		const without = methods.filter((method) => method.getDocumentationComment(checker).length === 0);
		expect(without.map((method) => method.name)).toEqual([]);
	});
});
