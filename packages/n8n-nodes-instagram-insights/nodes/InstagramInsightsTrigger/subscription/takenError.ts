import { type INode, NodeOperationError } from 'n8n-workflow';
import type { Registration } from './decideRegistration';

type Taken = Extract<Registration, { kind: 'taken' }>;

/** Why this trigger does not register: somebody else has the one callback URL that Meta keeps for an app. */
export function takenError(node: INode, { callbackUrl, whose }: Taken): NodeOperationError {
	const { message, description } = texts(whose, withoutQuery(callbackUrl));
	return new NodeOperationError(node, message, { description, level: 'warning' });
}

function texts(whose: Taken['whose'], callbackUrl: string): { message: string; description: string } {
	switch (whose) {
		case 'own-production':
			return {
				message: 'The production URL of this trigger is registered with Meta, so its test URL cannot be',
				description:
					'Meta keeps one callback URL for each app. Listening for a test event now would take the events away from the published workflow. Unpublish the workflow while you test, or put the webhook relay in between, which sends a copy to the test URL. If it is not published any more, remove that URL in the App Dashboard under Webhooks.',
			};
		case 'other':
			return {
				message: `Meta already sends the Instagram events of this app to ${callbackUrl}, and an app has only one callback URL`,
				description:
					'Registering this trigger would take the events away from there. To feed several workflows, put the webhook relay at that URL and set Mode to Via Relay. If the other URL is no longer in use, remove it in the App Dashboard under Webhooks, or switch on the option Replace Callback URL here.',
			};
		default:
			return whose satisfies never;
	}
}

/** A query may hold somebody's token. */
function withoutQuery(url: string): string {
	return url.split(/[?#]/, 1)[0] ?? '';
}
