import { INSIGHTS_TIME_ZONE } from '../query/calendar-day.ts';
import type { HoursOfDay } from './insight.ts';

/** A post of the account: when it was published, and the number to rate it by; null if there is none. */
export type TimedPost = { readonly publishedAt: Date; readonly value: number | null };

/** One hour of the week in the zone asked for. */
export type BestTime = {
	/** 1 Monday to 7 Sunday. */
	readonly weekday: number;
	readonly hour: number;
	/** IANA zone of `weekday` and `hour`. */
	readonly timezone: string;
	/** Average over the days that have this hour; null if Meta gave none. */
	readonly followersOnline: number | null;
	/** Posts of this hour with a value, which `median` is based on. */
	readonly posts: number;
	/** The median of their values; null without any. */
	readonly median: number | null;
	/** `median` ÷ the median of all posts: 1.4 is 1.4 × the usual. Null with fewer than three posts, or if the usual is 0 or unknown. */
	readonly score: number | null;
};

/** With fewer posts, the median of an hour is chance. */
export const FEWEST_POSTS_FOR_SCORE = 3;

/**
 * For each of the 168 hours of a week: the followers online, and how the account's posts did.
 *
 * Meta does not say which zone its hours are in; they are treated as Pacific, like its days.
 *
 * @param timeZone IANA name; the zone of the rows
 * @returns in the order of the week; an hour skipped by a clock change has no online followers for that day
 */
export function bestTimes(
	online: readonly HoursOfDay[],
	posts: readonly TimedPost[],
	timeZone: string,
): readonly BestTime[] {
	const localHour = hourOfWeekIn(timeZone);
	const pacificInstant = pacificInstants();
	const followers = new Map<number, number[]>();
	for (const { date, hours } of online) {
		for (const { hour, value } of hours) add(followers, localHour(pacificInstant(date, hour)), value);
	}
	const values = new Map<number, number[]>();
	for (const { publishedAt, value } of posts) {
		if (value !== null) add(values, localHour(publishedAt), value);
	}
	const usual = median([...values.values()].flat());
	return Array.from({ length: 7 * 24 }, (_, index) => {
		const own = values.get(index) ?? [];
		const middle = median(own);
		const isEnough = own.length >= FEWEST_POSTS_FOR_SCORE && middle !== null && usual !== null && usual > 0;
		return {
			weekday: Math.floor(index / 24) + 1,
			hour: index % 24,
			timezone: timeZone,
			followersOnline: mean(followers.get(index) ?? []),
			posts: own.length,
			median: middle,
			score: isEnough ? middle / usual : null,
		};
	});
}

/** The hours, best first: by score, then by followers online. Hours with neither are left out. */
export function rankBestTimes(times: readonly BestTime[]): readonly BestTime[] {
	return times
		.filter(({ score, followersOnline }) => score !== null || followersOnline !== null)
		.toSorted((a, b) => (b.score ?? -1) - (a.score ?? -1) || (b.followersOnline ?? -1) - (a.followersOnline ?? -1));
}

/** The median; null for an empty list. */
export function median(values: readonly number[]): number | null {
	const sorted = values.toSorted((a, b) => a - b);
	const [below, above] = [sorted[Math.ceil(sorted.length / 2) - 1], sorted[Math.floor(sorted.length / 2)]];
	return below === undefined || above === undefined ? null : (below + above) / 2;
}

/** The average; null for an empty list. */
export function mean(values: readonly number[]): number | null {
	return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

function add(lists: Map<number, number[]>, key: number, value: number): void {
	const list = lists.get(key);
	if (list) list.push(value);
	else lists.set(key, [value]);
}

const WEEKDAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** A function from an instant to its hour of the week in a zone: 0 is Monday 00:00, 167 is Sunday 23:00. */
function hourOfWeekIn(timeZone: string): (instant: Date) => number {
	const format = new Intl.DateTimeFormat('en-US', { timeZone, weekday: 'short', hour: 'numeric', hourCycle: 'h23' });
	return (instant) => {
		const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]));
		return WEEKDAYS.indexOf(parts.get('weekday') ?? '') * 24 + Number(parts.get('hour'));
	};
}

/** A function from a day and hour to the instant when clocks in Los Angeles show them, seven or eight hours behind UTC. */
function pacificInstants(): (date: string, hour: number) => Date {
	const pacificHour = hourOfWeekIn(INSIGHTS_TIME_ZONE);
	return (date, hour) => {
		const asUtc = Date.parse(`${date}T00:00:00Z`) + hour * 3_600_000;
		const summer = new Date(asUtc + 7 * 3_600_000);
		return pacificHour(summer) % 24 === hour ? summer : new Date(asUtc + 8 * 3_600_000);
	};
}
