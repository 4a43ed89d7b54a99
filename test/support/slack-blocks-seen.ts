/** Messages and views as a person finds their way in them: buttons by label, fields by name. */

export type SeenButton = { readonly action_id: string; readonly block_id?: string; readonly value?: string; readonly label: string };
type Option = { readonly text: { readonly text: string }; readonly value: string };
type Element = {
  readonly type: string;
  readonly action_id: string;
  readonly value?: string;
  readonly text?: { readonly text: string };
  readonly options?: readonly Option[];
  readonly initial_option?: Option;
  readonly initial_options?: readonly Option[];
};
type Block = { readonly type: string; readonly block_id?: string; readonly elements?: readonly Element[]; readonly element?: Element };

export type SeenField = { readonly block_id: string; readonly element: Element };

export function buttonsIn(blocks: readonly object[]): readonly SeenButton[] {
  return (blocks as readonly Block[]).flatMap(({ type, elements = [], block_id }) =>
    type !== 'actions'
      ? []
      : elements.filter(isButton).map(({ action_id, value, text }) => ({
          action_id,
          label: text?.text ?? '',
          ...(block_id === undefined ? {} : { block_id }),
          ...(value === undefined ? {} : { value }),
        })),
  );
}

/** The button with this label; throws with those that are there. */
export function buttonIn(blocks: readonly object[], label: string): SeenButton {
  const all = buttonsIn(blocks);
  const found = all.find((button) => button.label === label);
  if (!found) throw new Error(`no button "${label}" among: ${all.map((button) => button.label).join(', ')}`);
  return found;
}

/** Inputs, and boxes among actions. */
export function fieldsIn(blocks: readonly object[]): readonly SeenField[] {
  return (blocks as readonly Block[]).flatMap(({ type, block_id = '', element, elements = [] }) => {
    const all = type === 'actions' ? elements.filter((one) => !isButton(one)) : element ? [element] : [];
    return all.map((one) => ({ block_id, element: one }));
  });
}

function isButton({ type }: Element): boolean {
  return type === 'button';
}

/** What a field holds in a view's state: as it was opened, or with `chosen` options. */
export function stateOf({ element }: SeenField, chosen: readonly Option[] | null): object {
  const { type, initial_option, initial_options = [] } = element;
  if (type === 'checkboxes' || type === 'multi_static_select') return { type, selected_options: chosen ?? initial_options };
  return { type, selected_option: chosen ? (chosen[0] ?? null) : (initial_option ?? null) };
}
