import { type Html, html } from '../../../kit/base/html-template.ts';

interface Field {
  name: string;
  label: string;
  value?: string | undefined;
  hint?: string;
  /** Whether what was sent in it is what was wrong. */
  wrong?: boolean;
}

/** A labelled text input, with a hint below its label. */
export function textField(
  field: Field & { type?: string; most?: number; mode?: string; autocomplete?: string },
): Html {
  const { name, label, value = '', hint, wrong, type = 'text', most, mode, autocomplete = 'off' } = field;
  return html`<div class="field"><label for="${name}">${label}</label>
${hint && html`<span class="hint" id="${name}-hint">${hint}</span>`}
<input id="${name}" name="${name}" type="${type}" value="${value}" required autocomplete="${autocomplete}"${most && html` maxlength="${most}"`}${mode && html` inputmode="${mode}"`}${hint && html` aria-describedby="${name}-hint"`}${wrong && html` aria-invalid="true"`}></div>`;
}

/** One thing to choose. */
export interface Choice {
  id: number;
  name: string;
}

/**
 * A labelled list to choose an id from; where there are too many to list, the id is typed.
 *
 * @param choices null where there are too many, or nobody knows them.
 */
export function choiceField(
  field: Field & { id?: string; choices: readonly Choice[] | null; optional?: boolean },
): Html {
  const { name, id = name, label, value, choices, optional, wrong } = field;
  const invalid = wrong && html` aria-invalid="true"`;
  if (!choices)
    return html`<div class="field"><label for="${id}">${label}: its id</label>
<input id="${id}" name="${name}" inputmode="numeric" value="${value}"${!optional && html` required`}${invalid}></div>`;
  return html`<div class="field"><label for="${id}">${label}</label>
<select id="${id}" name="${name}"${!optional && html` required`}${invalid}>
<option value="">${optional ? 'none' : 'choose one'}</option>
${choices.map((choice) => html`<option value="${choice.id}"${String(choice.id) === value && html` selected`}>${choice.name}</option>`)}
</select></div>`;
}

/** The hidden proof that a form is one of ours. */
export const csrfField = (token: string): Html => html`<input type="hidden" name="_csrf" value="${token}">`;
