const PLAIN_EVERY_MS = 15_000;

/**
 * One line that tells how far a long piece of work is: rewritten in place on a terminal, repeated now and then elsewhere.
 *
 * @param {string} label
 * @param {NodeJS.WriteStream} [stream]
 * @returns {{ tell(words: string): void, end(words: string): void }}
 */
export function openProgress(label, stream = process.stdout) {
	const startedAt = Date.now();
	let words = '';
	const line = () => `${label}${words && `: ${words}`} (${Math.round((Date.now() - startedAt) / 1000)} s)`;
	const show = stream.isTTY
		? () => stream.write(`\r\x1b[K${line().slice(0, (stream.columns || 80) - 1)}`)
		: () => stream.write(`${line()}\n`);

	if (!stream.isTTY) stream.write(`${label} ...\n`);
	const timer = setInterval(show, stream.isTTY ? 500 : PLAIN_EVERY_MS);
	return {
		tell(next) {
			words = next;
		},
		end(last) {
			clearInterval(timer);
			words = last;
			show();
			if (stream.isTTY) stream.write('\n');
		},
	};
}
