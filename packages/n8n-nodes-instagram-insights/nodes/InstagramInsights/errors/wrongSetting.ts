import { InsightsError } from '@instagram-insights/core';

/** A setting that core never sees because it means nothing, as the error core would make of it. */
export function wrongSetting(field: string, value: unknown, message: string): InsightsError {
	const text = value === undefined || value === null ? '' : String(value);
	return new InsightsError('invalid-query', message, {
		advice: 'Nothing was sent. Change the setting named above and run again.',
		problems: [{ field, reason: 'wrong-setting', message, ...(text === '' ? {} : { value: text }) }],
	});
}
