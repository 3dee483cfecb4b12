import { describe, expect, test } from 'vitest';
import { checkWorkflow } from '../../release/check-workflow.mjs';

const GOOD = `on: { push: { branches: [main] } }
permissions: { contents: read }
jobs:
  release:
    runs-on: ubuntu-latest
    permissions: { contents: write, pull-requests: write, id-token: write }
    steps:
      - run: npm test
      - uses: changesets/action@v1
        with: { publish: npm run release }
`;

describe('checkWorkflow', () => {
	test('accepts one that tests, then publishes with the right to sign', () => {
		expect(checkWorkflow(GOOD)).toEqual([]);
	});

	test.each([
		['cannot sign', ', id-token: write', '', 'permission "id-token" of the job must be write'],
		[
			'may do more than it needs',
			'id-token: write',
			'id-token: write, packages: write',
			'"packages" of the job must be left out',
		],
		['gives every job rights', '{ contents: read }', 'write-all', '"permissions" of the workflow'],
		['runs for pull requests', 'on: { push', 'on: { pull_request: {}, push', '"on" must be a push to main'],
		['runs on a machine npm does not trust', 'ubuntu-latest', 'self-hosted', '"runs-on"'],
		['publishes another way', 'npm run release', 'pnpm publish', 'publish: npm run release'],
		['tests nothing', 'npm test', 'echo', 'npm test must run before'],
		['has no release job', '  release:', '  other:', 'the job "release" is missing'],
	])('names what is wrong with one that %s', (_what, from, to, fault) => {
		expect(GOOD).toContain(from);
		expect(checkWorkflow(GOOD.replace(from, to))).toEqual([expect.stringContaining(fault)]);
	});
});
