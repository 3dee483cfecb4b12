import { readFileSync } from 'node:fs';

const LOOK_EVERY_MS = 1_000;

/**
 * Call back when the npm that started this process has ended.
 *
 * npm runs a script through a shell. Asked to end, npm and the shell do so at once, and the script does not notice.
 *
 * @param {() => void} act called once
 */
export function onNpmGone(act) {
	if (process.env.npm_lifecycle_event === undefined) return;
	const parent = process.ppid;
	const npm = parentOf(parent);
	const timer = setInterval(() => {
		if (process.ppid === parent && isAlive(npm)) return;
		clearInterval(timer);
		act();
	}, LOOK_EVERY_MS);
	timer.unref();
}

/**
 * @param {number} pid
 * @returns {number | undefined} undefined where the system does not tell, or when the parent is not npm
 */
function parentOf(pid) {
	try {
		const status = readFileSync(`/proc/${pid}/status`, 'utf8');
		if (!/^Name:\t(?:ba|da|z|k|a)?sh$/m.test(status)) return undefined;
		return Number(/^PPid:\t(\d+)/m.exec(status)?.[1]) || undefined;
	} catch {
		return undefined;
	}
}

/** @param {number | undefined} pid */
function isAlive(pid) {
	if (pid === undefined) return true;
	try {
		process.kill(pid, 0);
		return true;
	} catch (error) {
		return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM';
	}
}
