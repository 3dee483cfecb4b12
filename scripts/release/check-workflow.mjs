import { parse } from 'yaml';

/** What the job of the release workflow may do: push tags, open the pull request, and sign the provenance. */
const PERMISSIONS = { contents: 'write', 'pull-requests': 'write', 'id-token': 'write' };

/**
 * What keeps the release workflow from publishing as n8n requires: from GitHub Actions, with provenance, and only what is proven.
 *
 * @param {string} text of `.github/workflows/release.yml`
 * @returns {string[]} one line for each fault
 */
export function checkWorkflow(text) {
	const { on, permissions, jobs } = parse(text);
	const { release } = jobs ?? {};
	if (release === undefined) return ['the job "release" is missing'];
	const faults = [];
	if (JSON.stringify(on) !== '{"push":{"branches":["main"]}}')
		faults.push('"on" must be a push to main and nothing else');
	if (JSON.stringify(permissions) !== '{"contents":"read"}')
		faults.push('"permissions" of the workflow must be { contents: read }');
	for (const name of new Set([...Object.keys(PERMISSIONS), ...Object.keys(release.permissions ?? {})])) {
		const wanted = /** @type {Record<string, string>} */ (PERMISSIONS)[name] ?? 'left out';
		if ((release.permissions?.[name] ?? 'left out') !== wanted)
			faults.push(`permission "${name}" of the job must be ${wanted}`);
	}
	if (!String(release['runs-on']).startsWith('ubuntu-'))
		faults.push('"runs-on" must be a runner of GitHub: npm signs provenance only there');
	/** @type {{ run?: string, uses?: string, with?: { publish?: string } }[]} */
	const steps = release.steps ?? [];
	const proven = steps.findIndex(({ run }) => run === 'npm test');
	const published = steps.findIndex(({ with: inputs }) => inputs?.publish === 'npm run release');
	if (published === -1) faults.push('a step of changesets/action must have publish: npm run release');
	if (proven === -1 || (published !== -1 && proven > published))
		faults.push('npm test must run before anything is published');
	return faults;
}
