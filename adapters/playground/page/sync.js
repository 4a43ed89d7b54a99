/** Keeps drawn children in step with what is known, touching only what changed. */

/** Makes the children be `entries` ({key, stamp, draw, after?}) in order: a child is drawn anew only when its stamp is another. */
export function sync(container, entries) {
  const before = new Map([...container.children].map((child) => [child.dataset.key, child]));
  let place = container.firstElementChild;
  for (const { key, stamp, draw, after } of entries) {
    let node = before.get(key);
    before.delete(key);
    if (node && node.stamp !== stamp) {
      const fresh = prepared(draw(), key, stamp);
      if (place === node) place = fresh;
      keepFocus(node, fresh, () => node.replaceWith(fresh));
      node = fresh;
    }
    node ??= prepared(draw(), key, stamp);
    if (node === place) place = place.nextElementSibling;
    else container.insertBefore(node, place);
    after?.(node);
  }
  for (const node of before.values()) node.remove();
}

function prepared(node, key, stamp) {
  node.dataset.key = key;
  node.stamp = stamp;
  return node;
}

/** A live card may be edited while somebody stands on one of its buttons. */
function keepFocus(old, fresh, replace) {
  const action = old.contains(document.activeElement) ? document.activeElement.dataset.action : undefined;
  replace();
  if (action !== undefined) [...fresh.querySelectorAll('[data-action]')].find((button) => button.dataset.action === action)?.focus();
}
