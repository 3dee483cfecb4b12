/** Words in which npm and pnpm tell that the registry did not answer. */
const UNREACHABLE =
	/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|ERR_PNPM_META_FETCH_FAIL)\b|error sending request|dns error|tcp connect error|network (?:request|timeout)/i;

/** Words in which node-gyp tells that this machine cannot compile. */
const NO_COMPILER =
	/gyp ERR! (?:find Python|stack Error: (?:not found: make|Could not find any Python))|make: (?:g\+\+|cc|c\+\+).*not found|g\+\+: (?:command )?not found/i;

/**
 * @param {string} output of npm or pnpm
 * @returns {boolean} whether it says that the registry did not answer
 */
export function tellsUnreachable(output) {
	return UNREACHABLE.test(output);
}

/**
 * Why an install failed and what to do, in one sentence where the cause is known, else with the last lines of output.
 *
 * @param {string} label what was being installed
 * @param {{ output: string, timedOut: boolean }} run
 * @returns {string}
 */
export function explainInstallFailure(label, { output, timedOut }) {
	if (timedOut)
		return `${label}: took too long and was stopped; check the network and try again (what is done is kept).`;
	const unreachable = UNREACHABLE.exec(output);
	if (unreachable) {
		return `${label}: the npm registry cannot be reached (${unreachable[0]}); check the network and "npm config get registry", then try again.`;
	}
	if (NO_COMPILER.test(output)) {
		return `${label}: n8n's database driver has to be compiled here, and a compiler is missing; install python3, make and g++ (Debian: apt-get install python3 build-essential) and try again.`;
	}
	if (/ENOSPC|no space left/i.test(output))
		return `${label}: the disk is full; n8n and its dependencies need about 5 GB.`;
	return `${label}: failed. The last lines were:\n${output.trimEnd().split('\n').slice(-25).join('\n')}`;
}
