/** Which delivery a message is, carried in its metadata. Any app or member of the workspace can read it, so it holds opaque ids only. */
import type { MessageMetadata } from '@slack/web-api';
import type { DeliveryId } from '../../src/ports/chat-adapter.ts';

const EVENT_TYPE = 'voicejob_delivery';
/** No key has one. Metadata takes no lists of strings (SDK types). */
const SEPARATOR = ' ';

export function metadataOf({ gen, keys }: DeliveryId): MessageMetadata {
  return { event_type: EVENT_TYPE, event_payload: { gen, keys: keys.join(SEPARATOR) } };
}

/** The delivery in a message's metadata as Slack answers it, or null when it has none of ours. */
export function deliveryIn(metadata: { readonly event_type?: string | undefined; readonly event_payload?: unknown } | undefined): DeliveryId | null {
  if (metadata?.event_type !== EVENT_TYPE) return null;
  const { event_payload: payload } = metadata;
  if (typeof payload !== 'object' || payload === null || !('gen' in payload && 'keys' in payload)) return null;
  const { gen, keys } = payload;
  return typeof gen === 'string' && typeof keys === 'string' ? { gen, keys: keys.split(SEPARATOR) } : null;
}
