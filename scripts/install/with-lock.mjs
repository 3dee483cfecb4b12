import {
	closeSync,
	linkSync,
	openSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	utimesSync,
	writeSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const BEAT_MS = 5_000;
const STALE_AFTER_MS = 60_000;
const GIVE_UP_AFTER_MS = 30 * 60_000;

/**
 * Run `work` while no other process of this machine runs work under the same lock file.
 *
 * The holder touches the file every few seconds; a file that nobody touched for a minute, or whose process is gone, is taken over.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {Error} the lock did not come free within half an hour
 */
export async function withLock(file, work) {
	await take(file);
	const release = () => rmSync(file, { force: true });
	const beat = setInterval(() => {
		try {
			utimesSync(file, new Date(), new Date());
		} catch {
			// Taken over while this machine slept: the work goes on, and the release below finds nothing.
		}
	}, BEAT_MS);
	process.once('exit', release);
	try {
		return await work();
	} finally {
		clearInterval(beat);
		process.off('exit', release);
		release();
	}
}

/** @param {string} file */
async function take(file) {
	const since = Date.now();
	let reported = false;
	while (!tryTake(file)) {
		const holder = readHolder(file);
		if (holder && isStale(file, holder)) {
			takeAway(file, holder);
			continue;
		}
		if (Date.now() - since > GIVE_UP_AFTER_MS)
			throw new Error(`${file} is held by process ${holder}; end it and try again.`);
		if (!reported)
			console.log(`Waiting for another start of this project (process ${holder}) to finish the same work.`);
		reported = true;
		await sleep(300);
	}
}

/** @param {string} file */
function tryTake(file) {
	try {
		const handle = openSync(file, 'wx');
		writeSync(handle, String(process.pid));
		closeSync(handle);
		return true;
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code === 'EEXIST') return false;
		throw error;
	}
}

/** @param {string} file */
function readHolder(file) {
	try {
		return readFileSync(file, 'utf8');
	} catch {
		return undefined;
	}
}

/**
 * @param {string} file
 * @param {string} holder
 */
function isStale(file, holder) {
	try {
		process.kill(Number(holder), 0);
	} catch (error) {
		if (/** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH') return true;
	}
	const touched = statSync(file, { throwIfNoEntry: false });
	return touched !== undefined && Date.now() - touched.mtimeMs > STALE_AFTER_MS;
}

/**
 * Two waiters may both find the file stale; the one that renames a file that is already the other's new one puts it back.
 *
 * @param {string} file
 * @param {string} holder
 */
function takeAway(file, holder) {
	const aside = `${file}.${process.pid}`;
	try {
		renameSync(file, aside);
		if (readFileSync(aside, 'utf8') !== holder) linkSync(aside, file);
	} catch {
		// Someone else was faster.
	} finally {
		rmSync(aside, { force: true });
	}
}
