import { InsightsError, type QueryProblem } from '@instagram-insights/core/internal';
import { type IDataObject, type INodeExecutionData, type IPollFunctions, NodeOperationError } from 'n8n-workflow';
import { AUTHENTICATIONS, type Authentication, isAuthentication } from '../graph/authentication';
import { openClient } from '../graph/openClient';
import { OWN_ACCOUNT, readOneAccountId } from '../panel/account';
import { readCallOptions } from '../panel/options';
import { renameProblems } from '../panel/wrongSetting';
import { ownerOf, withOwner } from '../rows/columns';
import { accountThreshold } from './events/accountThreshold.event';
import { followerMilestone } from './events/followerMilestone.event';
import { mediaThreshold } from './events/mediaThreshold.event';
import { newMedia } from './events/newMedia.event';
import { storyExpiring } from './events/storyExpiring.event';
import { isTimeUp, timeIsUp } from './pollBudget';
import { type Look, type Watch, watch } from './watch';

/** The Trigger On list, by name. */
export const WATCHES: readonly Watch[] = [
	watch(accountThreshold),
	watch(followerMilestone),
	watch(mediaThreshold),
	watch(newMedia),
	watch(storyExpiring),
];

export const PRESELECTED = newMedia.value;

/** The share of n8n's time for a poll that goes to reading. The rest is for the account's name and for handing over. */
const READING_SHARE = 0.8;
const LAST_SHARE = 0.95;

/**
 * One poll of n8n. In the editor it shows the latest event and remembers nothing. Otherwise it reports only what is new; the
 * first poll of a workflow reports nothing.
 *
 * @returns null when there is nothing to report
 */
export async function pollOnce(context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const watch = chosenWatch(context);
	return await lookWith(watch, context).catch((error: unknown) =>
		Promise.reject(renameProblems(error, (problem) => inPanel(problem, watch))),
	);
}

async function lookWith(watch: Watch, context: IPollFunctions): Promise<INodeExecutionData[][] | null> {
	const authentication = chosenAuthentication(context);
	const accountId = readOneAccountId(context.getNodeParameter('account', OWN_ACCOUNT));
	const look = await openLook(context, authentication, accountId);
	if (context.getMode() === 'manual') return [await toItems(await latestOrFail(context, watch, look), look, accountId)];

	const account = JSON.stringify([authentication, accountId ?? null]);
	const { rows, settle, mustKeep } = await watch
		.look(look, context.getWorkflowStaticData('node'), account)
		.catch((error: unknown) => Promise.reject(isTimeUp(error, look.signal) ? timeIsUp(error) : error));
	const items = rows.length > 0 ? await toItems(rows, look, accountId) : [];
	if (!settle()) return null;
	if (items.length > 0) return [items];
	// n8n saves static data only along with an execution. What a restart must not lose is worth an execution without items.
	// The next look finds everything else again.
	return mustKeep ? [[]] : null;
}

/** The parameters behind what core names, in events that ask for one metric. */
const IN_PANEL: Readonly<Record<string, string>> = {
	metrics: 'metric',
	breakdown: 'metric',
	since: 'dateRange',
	until: 'dateRange',
};

/** A problem of core under the name of the event's own parameter. Only another metric is a value that the parameter takes. */
function inPanel(problem: QueryProblem, { fields }: Watch): QueryProblem {
	const has = (name: string | undefined) => fields.some((parameter) => parameter.name === name);
	const field = IN_PANEL[problem.field];
	if (field === undefined || has(problem.field) || !has(field)) return problem;
	const { reason, message } = problem;
	return problem.field === 'metrics' ? { ...problem, field } : { field, reason, message };
}

async function openLook(
	context: IPollFunctions,
	authentication: Authentication,
	accountId: string | undefined,
): Promise<Look> {
	const options = context.getNodeParameter('options', {}) as Readonly<Record<string, unknown>>;
	const call = readCallOptions(options);
	// Older n8n has no poll budget.
	const budgetMs = context.getPollBudgetMs?.();
	const signalAt = (share: number) => (budgetMs === undefined ? undefined : AbortSignal.timeout(budgetMs * share));
	return {
		host: AUTHENTICATIONS[authentication].host,
		now: new Date(),
		timeZone: context.getTimezone(),
		client: await openClient(context, { authentication, accountId, call }),
		signal: signalAt(READING_SHARE),
		lastSignal: signalAt(LAST_SHARE),
		parameter: (name, fallback) => context.getNodeParameter(name, fallback) as unknown,
		options,
		warn: (message) => context.logger.warn(`${context.getNode().name}: ${message}`),
	};
}

async function latestOrFail(context: IPollFunctions, watch: Watch, look: Look): Promise<readonly IDataObject[]> {
	const rows = await watch.latest(look);
	if (rows.length > 0) return rows;
	const { message, description } = watch.nothing;
	throw new NodeOperationError(context.getNode(), message, { description });
}

async function toItems(
	rows: readonly IDataObject[],
	{ client, lastSignal }: Look,
	accountId: string | undefined,
): Promise<INodeExecutionData[]> {
	const owner = await ownerOf(client, accountId, lastSignal);
	return rows.map((row) => ({ json: withOwner(owner, row) }));
}

function chosenWatch(context: IPollFunctions): Watch {
	const event = context.getNodeParameter('event', PRESELECTED);
	const watch = WATCHES.find(({ value }) => value === event);
	if (watch !== undefined) return watch;
	throw new InsightsError('invalid-query', `Unknown event "${String(event)}"`, {
		advice: `Choose one of these: ${WATCHES.map(({ value }) => value).join(', ')}.`,
	});
}

function chosenAuthentication(context: IPollFunctions): Authentication {
	const authentication = context.getNodeParameter('authentication', 'instagramLogin');
	if (isAuthentication(authentication)) return authentication;
	throw new InsightsError('invalid-query', `Unknown authentication "${String(authentication)}"`, {
		advice: `Choose one of these: ${Object.keys(AUTHENTICATIONS).join(', ')}.`,
	});
}
