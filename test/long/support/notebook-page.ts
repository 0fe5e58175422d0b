import type { Browser, Locator, Page } from 'playwright-core';

/** A notebook in JupyterLab, driven as a learner does: by menus, keys and the mouse. */
export class NotebookPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the address that `./lab start` printed, and waits for the kernel. */
  static async open(browser: Browser, url: string): Promise<NotebookPage> {
    const page = await browser.newPage({ viewport: { width: 1200, height: 1200 }, deviceScaleFactor: 2 });
    page.setDefaultTimeout(30_000);
    await page.goto(url);
    await page.locator('.jp-Toolbar-kernelName', { hasText: 'TypeScript (storelab)' }).waitFor();
    const notebook = new NotebookPage(page);
    await notebook.idle();
    // More room for the notebook.
    await page.keyboard.press('Control+b');
    return notebook;
  }

  /** The kernel has nothing to do. */
  async idle(): Promise<void> {
    await this.page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
  }

  /** The code cell whose source holds this text. */
  cell(text: string): Locator {
    const source = this.page.locator('.jp-InputArea-editor', { hasText: text });
    return this.page.locator('.jp-CodeCell', { has: source }).first();
  }

  /** What a cell shows below its code. */
  output(cell: Locator): Locator {
    return cell.locator('.jp-OutputArea');
  }

  /** Run > Run All Cells. */
  async runAll(): Promise<void> {
    await this.menu('Run', 'runmenu:run-all');
  }

  /** Ctrl+Enter in a cell; resolves when the kernel has ended it. */
  async run(cell: Locator): Promise<void> {
    await this.ended(cell, await this.begin(cell));
  }

  /** Ctrl+Enter in a cell. Resolves to the prompt that it had before, `[5]:`. */
  async begin(cell: Locator): Promise<string> {
    const prompt = cell.locator('.jp-InputPrompt');
    const before = await prompt.innerText();
    await prompt.click();
    await this.page.keyboard.press('Control+Enter');
    return before;
  }

  /** Waits until a cell has a number other than this. */
  async ended(cell: Locator, before: string): Promise<void> {
    const number = before.replaceAll(/\D/g, '') || '0';
    const next = new RegExp(`\\[(?!${number}\\])\\d+\\]`);
    await cell.locator('.jp-InputPrompt', { hasText: next }).waitFor({ timeout: 60_000 });
  }

  /** A new cell at the end of the notebook. */
  async add(code: string): Promise<Locator> {
    const cells = this.page.locator('.jp-CodeCell');
    const index = await cells.count();
    await this.page.locator('.jp-Notebook-footer').click();
    await cells.nth(index).locator('.cm-content').click();
    await this.page.keyboard.insertText(code);
    return cells.nth(index);
  }

  /** The stop button. */
  async interrupt(): Promise<void> {
    await this.page.locator('.jp-ToolbarButtonComponent[data-command="notebook:interrupt-kernel"]').click();
  }

  /** Saves the notebook's outputs to its file. */
  async save(): Promise<void> {
    await this.page.locator('.jp-ToolbarButtonComponent[data-command="docmanager:save"]').click();
    await this.page.locator('.lm-TabBar-tab.jp-mod-current:not(.jp-mod-dirty)').first().waitFor();
  }

  /** Takes a picture of the window with this at the top of the notebook. */
  async picture(file: string, top: Locator, { height }: { height: number }): Promise<void> {
    const { width } = this.page.viewportSize()!;
    await this.page.setViewportSize({ width, height });
    await top.evaluate((element) => element.scrollIntoView({ block: 'start' }));
    await this.page.mouse.move(width - 4, height / 2);
    await this.page.screenshot({ path: file });
  }

  /** Settings > Theme. */
  async theme(name: string): Promise<void> {
    await this.page.locator('.lm-MenuBar-item', { hasText: 'Settings' }).click();
    await this.page.locator('.lm-Menu-item', { hasText: 'Theme' }).first().click();
    await this.page.getByRole('menuitem', { name, exact: true }).click();
    await this.page.locator(`body[data-jp-theme-name="${name}"]`).waitFor({ state: 'attached' });
    await this.page.locator('#jupyterlab-splash').waitFor({ state: 'detached' });
  }

  private async menu(title: string, command: string): Promise<void> {
    await this.page.locator('.lm-MenuBar-item', { hasText: title }).click();
    await this.page.locator(`.lm-Menu-item[data-command="${command}"]`).first().click();
  }
}
