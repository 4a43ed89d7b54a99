/** Adaptive Cards 1.5, as far as we draw with it. Literal types of our own: the library's builder writes out every default (facts, teams, 5). */

export type Spacing = 'None' | 'Small' | 'Medium';
export type ContainerStyle = 'accent' | 'good' | 'attention' | 'warning' | 'emphasis';

/** How words look, in a block or in a run of one. */
export type TextLook = {
  readonly size?: 'Small' | 'Large';
  readonly weight?: 'Bolder';
  readonly isSubtle?: true;
  readonly color?: 'Attention';
  readonly fontType?: 'Monospace';
};

/** Parsed as markdown, with dates and mentions: for our own words alone. */
export type TextBlock = TextLook & {
  readonly type: 'TextBlock';
  readonly text: string;
  readonly wrap: true;
  readonly style?: 'heading';
  readonly spacing?: Spacing;
};

/** Its text is not parsed but for dates. */
export type TextRun = TextLook & { readonly type: 'TextRun'; readonly text: string };

export type RichTextBlock = { readonly type: 'RichTextBlock'; readonly inlines: readonly TextRun[]; readonly spacing?: Spacing };

/** Parsed as markdown, both title and value. */
export type FactSet = { readonly type: 'FactSet'; readonly facts: readonly { readonly title: string; readonly value: string }[]; readonly spacing?: Spacing };

export type Container = {
  readonly type: 'Container';
  readonly items: readonly Element[];
  readonly style?: ContainerStyle;
  readonly bleed?: true;
  readonly spacing?: Spacing;
};

export type Column = { readonly type: 'Column'; readonly width: string; readonly items: readonly Element[] };
export type ColumnSet = { readonly type: 'ColumnSet'; readonly columns: readonly Column[]; readonly spacing?: Spacing };

export type Element = TextBlock | RichTextBlock | FactSet | Container | ColumnSet;

/** A card's language: the schema's pattern refuses a region. */
export type Lang = 'en' | 'zh';

/** A question to ask before a click counts, in the language of the card whose button asks it. */
export type Question = { readonly question: string; readonly yes: string; readonly no: string; readonly lang: Lang };

/** What a message that one person sees is: an answer, a question before a click, or a form. A message for everyone is none. */
export const PRIVATE_KINDS = ['answer', 'question', 'form'] as const;
export type PrivateKind = (typeof PRIVATE_KINDS)[number];

/** Data of a button, which comes back with the click: `verb` says which action, `on` on which kind of private message it is. */
export type ActionData = { readonly value: string; readonly confirm?: Question; readonly on?: PrivateKind };

type ActionLook = { readonly title: string; readonly style?: 'positive' | 'destructive'; readonly mode?: 'secondary' };
export type ExecuteAction = ActionLook & { readonly type: 'Action.Execute'; readonly verb: string; readonly data: ActionData };
export type OpenUrlAction = ActionLook & { readonly type: 'Action.OpenUrl'; readonly url: string };
export type Action = ExecuteAction | OpenUrlAction;

type InputLook = { readonly id: string; readonly label?: string; readonly spacing?: Spacing };
export type Choice = { readonly title: string; readonly value: string };
export type ChoiceSet = InputLook & {
  readonly type: 'Input.ChoiceSet';
  readonly style: 'compact' | 'filtered';
  readonly choices: readonly Choice[];
  readonly value?: string;
  readonly placeholder?: string;
  /** Asks the bot for choices while somebody types. */
  readonly 'choices.data'?: { readonly type: 'Data.Query'; readonly dataset: string };
};
export type Toggle = InputLook & {
  readonly type: 'Input.Toggle';
  readonly title: string;
  readonly value: 'true' | 'false';
  readonly valueOn: 'true';
  readonly valueOff: 'false';
};
export type Input = ChoiceSet | Toggle;

/** What makes an `<at>` in a TextBlock a mention: its text, letter by letter. */
export type MentionEntity = { readonly type: 'mention'; readonly text: string; readonly mentioned: { readonly id: string; readonly name: string } };

type CardRoot = {
  readonly type: 'AdaptiveCard';
  readonly $schema: 'http://adaptivecards.io/schemas/adaptive-card.json';
  readonly version: '1.5';
  readonly lang: Lang;
  readonly fallbackText: string;
  readonly actions?: readonly Action[];
  readonly msteams: { readonly width: 'Full'; readonly entities?: readonly MentionEntity[] };
};

export type AdaptiveCard = CardRoot & { readonly body: readonly Element[] };

/** A card that asks for something. */
export type FormCard = CardRoot & { readonly body: readonly (Element | Input)[] };
