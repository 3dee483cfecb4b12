/**
 * The arrows of ARCHITECTURE.md, held by a check.
 * In packages/core/src: catalog ← query; catalog ← graph ← insight ← client; query ← client; transports → client/ports only.
 */
const core = '^packages/core/src/';

/** `from` may import nothing of core outside these folders (and itself). */
const onlyImports = (from, allowed, extra = []) => ({
	name: `core-${from}-imports`,
	comment: `packages/core/src/${from} may import only ${[from, ...allowed].join(', ')}`,
	severity: 'error',
	from: { path: `${core}${from}/` },
	to: {
		path: core,
		pathNot: [...[from, ...allowed].map((folder) => `${core}${folder}/`), ...extra.map((file) => `${core}${file}`)],
	},
});

const relay = '^apps/webhook-relay/src/';

/** The relay's folders, from the promise up to cli: none imports one above it, and options know the promise's port only. */
const relayImports = (from, allowed) => ({
	name: `relay-${from}-imports`,
	comment: `apps/webhook-relay/src/${from} may import only ${[from, ...allowed].join(', ')}`,
	severity: 'error',
	from: { path: `${relay}${from}/` },
	to: { path: relay, pathNot: [from, ...allowed].map((place) => `${relay}${place}`) },
});

module.exports = {
	forbidden: [
		{ name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
		{
			name: 'not-to-unresolvable',
			severity: 'error',
			from: {},
			// ./lit-html/: the relay serves that package beside its dashboard
			to: { couldNotResolve: true, pathNot: ['^cloudflare:', '^bun:', '^\\./lit-html/'] },
		},
		onlyImports('catalog', [], ['insights-error\\.ts$']),
		onlyImports('query', ['catalog'], ['insights-error\\.ts$', 'redact\\.ts$']),
		onlyImports('graph', ['catalog'], ['insights-error\\.ts$', 'exact-json\\.ts$', 'redact\\.ts$']),
		onlyImports('insight', ['catalog', 'graph', 'query'], ['insights-error\\.ts$']),
		onlyImports('client', ['catalog', 'query', 'graph', 'insight'], ['insights-error\\.ts$', 'redact\\.ts$']),
		onlyImports('report', ['query']),
		onlyImports('webhook', [], ['exact-json\\.ts$', 'catalog/(webhook-field|nearest-name)\\.ts$']),
		{
			name: 'core-undici-imports',
			comment: 'A transport knows the port and the request it carries, nothing of metrics.',
			severity: 'error',
			from: { path: `${core}undici/` },
			to: {
				path: core,
				pathNot: [
					`${core}undici/`,
					`${core}client/ports\\.ts$`,
					`${core}insights-error\\.ts$`,
					`${core}redact\\.ts$`,
					`${core}graph/`,
					`${core}catalog/host\\.ts$`,
				],
			},
		},
		{
			name: 'core-undici-stays-apart',
			comment: 'Importing core loads no undici: connect loads it with the first request.',
			severity: 'error',
			from: { path: core, pathNot: `${core}undici/` },
			to: {
				path: ['(^|/)node_modules/undici/|^undici$', `${core}undici/`],
				dynamic: false,
				dependencyTypesNot: ['type-only'],
			},
		},
		{
			name: 'core-zod-at-the-rim',
			comment: 'zod reads what comes from outside: answers of Graph and bodies of webhooks. What is inside has types.',
			severity: 'error',
			from: { path: core, pathNot: `${core}(graph|webhook|client)/` },
			to: { path: '(^|/)node_modules/zod/|^zod', dependencyTypesNot: ['type-only'] },
		},
		{
			name: 'nodes-use-core-internal',
			comment:
				"The public face has connect, and through it undici and timers, which must never reach the nodes' bundles.",
			severity: 'error',
			from: { path: '^packages/n8n-nodes-instagram-insights/(nodes|credentials)/' },
			to: { path: `${core}(index|connect)\\.ts$|${core}undici/`, dependencyTypesNot: ['type-only'] },
		},
		{
			name: 'core-internal-reaches-no-connect',
			severity: 'error',
			from: { path: `${core}internal\\.ts$` },
			to: { path: `${core}connect\\.ts$`, reachable: true },
		},
		{
			name: 'sandbox-imports-nothing-of-core',
			comment: 'A simulator that shares the parser agrees with its mistakes.',
			severity: 'error',
			from: { path: '^apps/graph-sandbox/src/' },
			to: { path: '^packages/' },
		},
		{
			name: 'nodes-share-beside-them',
			comment: 'What nodes share stands in nodes/graph, nodes/panel and nodes/rows, and knows no node.',
			severity: 'error',
			from: { path: '^packages/n8n-nodes-instagram-insights/(credentials|nodes/([^/]+))/' },
			to: {
				path: '^packages/n8n-nodes-instagram-insights/nodes/InstagramInsights',
				pathNot: '^packages/n8n-nodes-instagram-insights/nodes/$2/',
			},
		},
		{
			name: 'nodes-and-relay-stay-apart',
			severity: 'error',
			from: { path: '^packages/n8n-nodes-instagram-insights/(nodes|credentials)/' },
			to: { path: '^apps/' },
		},
		{
			name: 'relay-promise-stands-alone',
			comment: 'relay/ holds the whole promise and imports none of the other folders.',
			severity: 'error',
			from: { path: `${relay}relay/` },
			to: { path: relay, pathNot: `${relay}relay/` },
		},
		{
			name: 'relay-promise-imports-little',
			comment: "relay/ needs core's webhook contract, express, undici and Node, nothing else.",
			severity: 'error',
			from: { path: `${relay}relay/` },
			to: {
				pathNot: [`${relay}relay/`, `${core}webhook/`, '/node_modules/(@types/)?(express|undici)/'],
				dependencyTypesNot: ['core'],
			},
		},
		relayImports('guard', ['relay']),
		relayImports('admin', ['relay']),
		relayImports('sqlite', ['relay', 'admin/(admin-store|retention|store-rows)\\.ts', 'guard/limits\\.ts']),
		{
			name: 'relay-loads-opentelemetry-late',
			comment: 'Traces are off by default and a package of their own, which only a dynamic import loads.',
			severity: 'error',
			from: { path: relay },
			to: {
				path: ['^packages/relay-otlp/', 'node_modules/@opentelemetry/', 'node_modules/@instagram-insights/relay-otlp'],
				dynamic: false,
				dependencyTypesNot: ['type-only'],
			},
		},
		{
			name: 'source-never-imports-tests',
			severity: 'error',
			from: { path: '^(apps|packages)/[^/]+/(src|nodes|credentials)/' },
			to: { path: '/test/' },
		},
	],
	options: {
		doNotFollow: { path: 'node_modules' },
		exclude: { path: ['^(apps|packages)/[^/]+/dist/', '\\.config\\.(ts|mts|mjs)$'] },
		tsPreCompilationDeps: true,
		tsConfig: { fileName: 'tsconfig.base.json' },
		enhancedResolveOptions: {
			exportsFields: ['exports'],
			conditionNames: ['@instagram-insights/source', 'import', 'require', 'node', 'default', 'types'],
			extensions: ['.ts', '.mts', '.mjs', '.js', '.json'],
		},
	},
};
