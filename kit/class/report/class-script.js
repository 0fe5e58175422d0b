// The class page's script: it sorts and filters rows that are there. Every value comes from the cells.
(() => {
  const table = document.querySelector('table[data-grid]');
  const form = document.querySelector('form.filters');
  if (!table || !form) return;
  const body = table.tBodies[0];
  const heads = [...table.tHead.rows[1].cells];
  const rows = [...body.rows];
  const order = '✗!–✓';
  const plain = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const names = new Map(rows.map((row) => [row, plain(row.cells[0].textContent)]));
  const collator = new Intl.Collator('en', { numeric: true });
  const first = new Map(rows.map((row, i) => [row, i]));

  const valueAt = (column) => (row) => {
    const text = row.cells[column].textContent;
    const place = order.indexOf(text);
    return text !== '' && place >= 0 ? place : Number.parseFloat(text || '-1');
  };

  function sort(column, direction) {
    const value = valueAt(column);
    const compare =
      column === 0 ? (a, b) => collator.compare(names.get(a), names.get(b)) : (a, b) => value(a) - value(b);
    rows.sort((a, b) => direction * compare(a, b) || first.get(a) - first.get(b));
    body.append(...rows);
    for (const [i, head] of heads.entries()) {
      if (i === column) head.setAttribute('aria-sort', direction > 0 ? 'ascending' : 'descending');
      else head.removeAttribute('aria-sort');
    }
  }

  table.tHead.addEventListener('click', ({ target }) => {
    const head = target.closest('button')?.closest('th');
    if (!head) return;
    const column = heads.indexOf(head);
    const now = head.getAttribute('aria-sort');
    // Names and checks begin with the first and the failed, figures with the highest.
    const begins = column === 0 || head.dataset.check ? 1 : -1;
    sort(column, now === null ? begins : now === 'ascending' ? -1 : 1);
  });

  function filter() {
    const name = plain(form.elements.name.value.trim());
    const show = form.elements.show.value;
    const check = form.elements.check.value;
    const column = heads.findIndex((head) => head.dataset.check === check);
    let shown = 0;
    for (const row of rows) {
      const fits =
        names.get(row).includes(name) &&
        (show === '' || row.dataset.is.split(' ').includes(show)) &&
        (column < 0 || row.cells[column].textContent === '✗');
      row.hidden = !fits;
      if (fits) shown += 1;
    }
    form.querySelector('output').textContent = `${shown} of ${rows.length} students`;
  }

  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => event.preventDefault());
  form.hidden = false;
  filter();
})();
