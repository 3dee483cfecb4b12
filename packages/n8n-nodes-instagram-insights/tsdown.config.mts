import { defineConfig } from 'tsdown';
import manifest from './package.json' with { type: 'json' };

/** What n8n puts on its module path. Of the rest, our own core is bundled and any package of others is an error. */
const PROVIDED_BY_N8N = ['n8n-workflow', 'zod/v4', 'node:crypto'];

/** What the tables of core have for the pages of docs only. Without it, each bundle is some 10 kB smaller. */
const FACTS_FOR_DOCS = /,\s*(?:confidence: '[^']*'|sources: \[[^\]]*\])|\bsays: '(?:[^'\\]|\\.)*', /g;
const withoutFactsForDocs = {
	name: 'without-facts-for-docs',
	transform: {
		filter: { id: /core[/]src[/]catalog[/]/ },
		handler: (code: string) => code.replaceAll(FACTS_FOR_DOCS, ''),
	},
};

/**
 * One CommonJS file per node and credential of package.json's `n8n` lists, each complete in itself, unminified because
 * reviewers read it. Icons, codex files and output schemas lie beside them as n8n looks them up.
 */
// biome-ignore lint/style/noDefaultExport: the form tsdown reads
export default defineConfig(({ outDir = 'dist' }) =>
	[...manifest.n8n.nodes, ...manifest.n8n.credentials].map((output, index) => {
		const name = output.replace(/^dist\//, '').replace(/\.js$/, '');
		return {
			name,
			entry: { [name]: `${name}.ts` },
			format: 'cjs' as const,
			platform: 'node' as const,
			target: 'node20',
			outDir,
			// `.js` instead of `.cjs`: n8n asks for the paths of package.json.
			fixedExtension: false,
			dts: false,
			sourcemap: false,
			minify: false,
			// Docstrings are read in the repository; in the bundle they are a seventh of what n8n loads.
			outputOptions: { comments: { jsdoc: false } },
			plugins: [withoutFactsForDocs],
			clean: true,
			report: false,
			inputOptions: { resolve: { conditionNames: ['@instagram-insights/source', 'import', 'node', 'default'] } },
			deps: { neverBundle: PROVIDED_BY_N8N, onlyBundle: [] },
			copy:
				index === 0
					? [
							{ from: 'icons/*.svg', to: `${outDir}/icons` },
							{ from: 'nodes/**/*.node.json', to: `${outDir}/nodes`, flatten: false },
							{ from: 'nodes/**/__schema__/**/*.json', to: `${outDir}/nodes`, flatten: false },
						]
					: [],
		};
	}),
);
