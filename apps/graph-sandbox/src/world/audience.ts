import type { Account } from './account.ts';
import type { BreakdownRow } from './account-breakdown.ts';
import { unit } from './seeded.ts';

/** Meta answers at most this many rows. */
const MAX_ROWS = 45;

const AGES = ['13-17', '18-24', '25-34', '35-44', '45-54', '55-64', '65+'] as const;
const AGE_WEIGHTS = [0.03, 0.22, 0.34, 0.2, 0.11, 0.06, 0.04];
const GENDERS = ['F', 'M', 'U'] as const;
const GENDER_WEIGHTS = [0.52, 0.42, 0.06];

/**
 * People by age, city, country, gender, or age and gender together: at most 45 rows, largest first, empty ones left out.
 * Rows never add up to more than `people`; some people have no known city or country.
 *
 * @param people followers, or people engaged in the timeframe
 * @param salt what tells one audience from another, such as the metric's name
 */
export function audienceRows(
	seed: string,
	account: Account,
	dimensions: readonly string[],
	people: number,
	salt: string,
): readonly BreakdownRow[] {
	const buckets = dimensions.reduce<readonly Bucket[]>(
		(all, dimension) =>
			all.flatMap((left) =>
				bucketsOf(seed, account, dimension, salt).map((right) => ({
					values: [...left.values, ...right.values],
					share: left.share * right.share,
				})),
			),
		[{ values: [], share: 1 }],
	);
	return buckets
		.map((bucket) => ({ dimensionValues: bucket.values, value: Math.floor(people * bucket.share) }))
		.filter((row) => row.value > 0)
		.sort((a, b) => b.value - a.value)
		.slice(0, MAX_ROWS);
}

type Bucket = { readonly values: readonly string[]; readonly share: number };

function bucketsOf(seed: string, account: Account, dimension: string, salt: string): readonly Bucket[] {
	if (dimension === 'age') return AGES.map((age, i) => ({ values: [age], share: AGE_WEIGHTS[i] ?? 0 }));
	if (dimension === 'gender') return GENDERS.map((gender, i) => ({ values: [gender], share: GENDER_WEIGHTS[i] ?? 0 }));
	const places = dimension === 'city' ? account.cities : account.countries;
	const known = dimension === 'city' ? 0.7 : 0.97;
	const weights = places.map((place, i) => (0.7 + 0.6 * unit(seed, account.key, salt, place)) / (i + 1));
	const total = weights.reduce((sum, weight) => sum + weight, 0);
	return places.map((place, i) => ({ values: [place], share: (known * (weights[i] ?? 0)) / total }));
}

/**
 * Followers online in each hour of a day, "0" to "23"; `{}` on about one day in five, as Meta answers in 2026.
 */
export function onlineByHour(seed: string, account: Account, day: string): Readonly<Record<string, number>> {
	if (account.followers < 100 || unit(seed, account.key, day, 'online') < 0.2) return {};
	return Object.fromEntries(
		Array.from({ length: 24 }, (_, hour) => {
			const wave = 0.35 + 0.3 * Math.sin(((hour - 9) / 24) * 2 * Math.PI);
			const noise = 0.9 + 0.2 * unit(seed, account.key, day, 'online', hour);
			return [String(hour), Math.floor(account.followers * wave * noise * 0.5)];
		}),
	);
}
