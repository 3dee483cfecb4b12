import { InsightsError, type QueryProblem } from '@instagram-insights/core/internal';

/** A setting that core never sees because it means nothing, as the error core would make of it. */
export function wrongSetting(field: string, value: unknown, message: string): InsightsError {
	const text = value === undefined || value === null ? '' : String(value);
	return wrongSettings([{ field, reason: 'wrong-setting', message, ...(text === '' ? {} : { value: text }) }]);
}

/** The same for several settings at once. */
export function wrongSettings(problems: readonly QueryProblem[]): InsightsError {
	return new InsightsError('invalid-query', problems.map(({ message }) => message).join(' '), {
		advice: 'Nothing was sent. Change the settings named above and run again.',
		problems,
	});
}
