import { checkNames } from '../checks/check-names.mjs';
import { checkWords } from '../checks/check-words.mjs';

/**
 * One thing that must hold. A `check` returns what is wrong, one line each; a `command` fails by its exit code; with `tests` the
 * command is vitest, and its tests are counted one by one.
 *
 * @typedef {{ name: string, proves: string } & (
 *   | { check: (root: string) => string[] }
 *   | { command: readonly string[], tests?: boolean, limitMinutes: number }
 * )} Step
 */

const turbo = ['pnpm', 'exec', 'turbo', 'run', '--continue', '--output-logs=errors-only'];
const nodes = ['pnpm', '--filter', 'n8n-nodes-instagram-insights', 'run'];

/** In the order they run: what is quick and tells most comes first. */
export const STEPS = /** @type {readonly Step[]} */ ([
	{ name: 'names', proves: 'no folder or file is a drawer for anything', check: checkNames },
	{ name: 'words', proves: 'no text uses a phrase that docs/words.md rules out', check: checkWords },
	{
		name: 'format',
		proves: 'Biome: format, lint rules, and at most 300 lines in a source file',
		command: ['pnpm', 'exec', 'biome', 'ci', '--colors=off', '.'],
		limitMinutes: 5,
	},
	{
		name: 'arrows',
		proves: 'imports follow the arrows of ARCHITECTURE.md',
		command: ['pnpm', 'exec', 'depcruise', 'packages', 'apps', '--config', '.dependency-cruiser.cjs'],
		limitMinutes: 5,
	},
	{
		name: 'dead-code',
		proves: 'knip: every file, export and dependency is used',
		command: ['pnpm', 'exec', 'knip', '--no-progress'],
		limitMinutes: 5,
	},
	{ name: 'build', proves: 'everything builds', command: [...turbo, 'build'], limitMinutes: 10 },
	{
		name: 'types',
		proves: 'types of every package and of the root scripts',
		command: [...turbo, 'typecheck'],
		limitMinutes: 10,
	},
	{ name: 'n8n-lint', proves: "n8n's linter, strict", command: [...nodes, 'lint'], limitMinutes: 5 },
	{
		name: 'n8n-scan',
		proves: "n8n's package scanner, sources and tarball",
		command: [...nodes, 'scan'],
		limitMinutes: 5,
	},
	{
		name: 'release',
		proves: 'publint and arethetypeswrong on every tarball; owner, workflow and changesets are ready for a release',
		command: ['node', 'scripts/release/check-release.mjs'],
		limitMinutes: 5,
	},
	{
		name: 'unit',
		proves: 'unit and integration tests',
		command: ['pnpm', 'exec', 'vitest', 'run'],
		tests: true,
		limitMinutes: 20,
	},
	{
		name: 'e2e',
		proves: 'end-to-end tests in a real n8n',
		command: ['pnpm', '--filter', '@instagram-insights/playground', 'run', 'test:e2e'],
		tests: true,
		limitMinutes: 45,
	},
]);
