/**
 * The name a caller most likely meant: the same one except for case, spaces, hyphens and underscores, or else
 * the one with the fewest typos (a letter added, missing, wrong, or two swapped). Undefined when nothing is close.
 *
 * @param most the most typos. Allow fewer to refuse a name than to suggest one: it may be right
 */
export function nearestName(name: string, names: readonly string[], most = 3): string | undefined {
	const meant = plain(name);
	let nearest: { name: string; slips: number } | undefined;
	for (const candidate of names) {
		const slips = countSlips(meant, plain(candidate));
		if (nearest === undefined || slips < nearest.slips) nearest = { name: candidate, slips };
	}
	// A third of the letters may be wrong, but at most one in a short name.
	const allowed = Math.min(most, Math.max(1, Math.floor(meant.length / 3)));
	return nearest && nearest.slips <= allowed ? nearest.name : undefined;
}

function plain(name: string): string {
	return name.toLowerCase().replace(/[^a-z0-9]/g, '');
}

/** Optimal string alignment distance. */
function countSlips(a: string, b: string): number {
	const rows = [Array.from({ length: b.length + 1 }, (_, column) => column)];
	for (let i = 1; i <= a.length; i += 1) {
		const above = rows[i - 1] ?? [];
		const row = [i];
		for (let j = 1; j <= b.length; j += 1) {
			const wrong = a[i - 1] === b[j - 1] ? 0 : 1;
			let slips = Math.min((above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (above[j - 1] ?? 0) + wrong);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
				slips = Math.min(slips, (rows[i - 2]?.[j - 2] ?? 0) + 1);
			}
			row.push(slips);
		}
		rows.push(row);
	}
	return rows.at(-1)?.at(-1) ?? 0;
}
