/** How long a button says what it did, in milliseconds. */
const SAID_FOR = 2000;
/** How long a text that is being saved is kept, in milliseconds. */
const KEPT_FOR = 30_000;

/** Makes the buttons that copy a text and those that save it as a file. */
export function setUpCopies(root: ParentNode = document): void {
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-copy]')) setUpCopy(button);
  for (const button of root.querySelectorAll<HTMLButtonElement>('[data-download]')) setUpDownload(button);
}

function setUpCopy(button: HTMLButtonElement): void {
  button.hidden = false;
  button.setAttribute('aria-live', 'polite');
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy ?? '');
    if (source === null) return;
    say(button, (await copy(source)) ? 'Copied' : 'Selected: press Ctrl+C');
  });
}

/** Saves the text that stands on the page, so that what is downloaded is what was read. */
function setUpDownload(button: HTMLButtonElement): void {
  button.hidden = false;
  button.addEventListener('click', () => {
    const source = document.getElementById(button.dataset.download ?? '');
    if (source === null) return;
    const link = document.createElement('a');
    link.href = URL.createObjectURL(new Blob([`${source.textContent.trimEnd()}\n`], { type: 'text/plain' }));
    link.download = button.dataset.file ?? 'policy.json';
    link.click();
    // A browser begins to read it a moment after the click.
    setTimeout(() => URL.revokeObjectURL(link.href), KEPT_FOR);
  });
}

function say(button: HTMLButtonElement, words: string): void {
  const label = button.dataset.label ?? button.textContent;
  button.dataset.label = label;
  button.textContent = words;
  setTimeout(() => {
    button.textContent = label;
  }, SAID_FOR);
}

/** Copies the element's text, or selects it where the browser does not let a page write to the clipboard. */
async function copy(source: Element): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(source.textContent ?? '');
    return true;
  } catch {
    getSelection()?.selectAllChildren(source);
    return false;
  }
}
