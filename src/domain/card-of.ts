/** Turns a message into its card, in the reader's language. Pure: the same message and wording give the same card. */
import type { Card } from './card.ts';
import { mutedCard, subscribedCard, twoSentences, unmutedCard, unsubscribeAllCard, unsubscribedCard } from './cards/confirmations.ts';
import { attachmentCard, filesCard, reasonCard } from './cards/details.ts';
import { type Draft, finished, type Words } from './cards/draft.ts';
import { errorCard } from './cards/errors.ts';
import { helpCard } from './cards/help.ts';
import { historyCard } from './cards/history.ts';
import { homeCard, homeJobCard, jobsCard, listCard } from './cards/lists.ts';
import { liveCard, noLongerFollowedCard } from './cards/live.ts';
import { newsCard } from './cards/news.ts';
import { noticeCard, testCard, testSentCard } from './cards/notices.ts';
import { statusCard } from './cards/status.ts';
import type { Message, Wording } from './message.ts';
import { catalogueOf } from './text/catalogue.ts';

/** The card of a message; instants stay instants in it, and are told in `wording.zone` in its plain text. Never throws. */
export function cardOf(message: Message, wording: Wording): Card {
  const words: Words = { ...wording, say: catalogueOf(wording.language) };
  return finished(draftOf(message, words), words);
}

function draftOf(message: Message, words: Words): Draft {
  const { say } = words;
  switch (message.kind) {
    case 'live':
      return liveCard(message, words);
    case 'no-longer-followed':
      return noLongerFollowedCard(message.view, words);
    case 'news':
      return newsCard(message, words);
    case 'test':
      return testCard(words);
    case 'notice':
      return noticeCard(message.notice, message.jobs, words);
    case 'subscribed':
      return subscribedCard(message, words);
    case 'unsubscribed':
      return unsubscribedCard(message, words);
    case 'unsubscribe-all':
      return unsubscribeAllCard(message, words);
    case 'list':
      return listCard(message, words);
    case 'home':
      return homeCard(message, words);
    case 'home-job':
      return homeJobCard(message.job, words);
    case 'history':
      return historyCard(message, words);
    case 'status':
      return statusCard(message, words);
    case 'files':
      return filesCard(message, words);
    case 'reason':
      return reasonCard(message, words);
    case 'attachment':
      return attachmentCard(message, words);
    case 'muted':
      return mutedCard(message, words);
    case 'unmuted':
      return unmutedCard(message, words);
    case 'jobs':
      return jobsCard(message, words);
    case 'test-sent':
      return testSentCard(message, words);
    case 'language-set':
      return twoSentences(say.languageSet(message.language, message.dm), say.reasonsStay, words);
    case 'opted-out':
      return twoSentences(say.optedOut, say.optedOutThen, words);
    case 'help':
      return helpCard(message.prefix, words);
    case 'error':
      return errorCard(message.error, words);
    default:
      return message satisfies never;
  }
}
