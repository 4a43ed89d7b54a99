/* Draws every Adaptive Card of the sheet, as the local page does. */
for (const cell of document.querySelectorAll('.teams')) {
  const json = JSON.parse(cell.querySelector('script').textContent);
  const { element, complaints } = drawing.drawTeams(json, { theme: cell.classList.contains('dark') ? 'dark' : 'light' });
  cell.append(element ?? 'nothing was drawn', ...complaints);
}
document.body.dataset.drawn = 'yes';
