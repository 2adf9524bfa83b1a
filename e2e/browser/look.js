// Runs within the report, in a frame of the width to be looked at: every fold is opened, the page is measured, and axe
// looks at it. The answer goes to the frame's owner, which leaves it as the page's only text.
addEventListener('load', async () => {
  for (const fold of document.querySelectorAll('details')) fold.open = true;
  const root = document.documentElement;
  const found = {
    width: innerWidth,
    dark: matchMedia('(prefers-color-scheme: dark)').matches,
    sideways: root.scrollWidth - root.clientWidth,
    requests: performance.getEntriesByType('resource').map(entry => entry.name),
    page: getComputedStyle(document.body).backgroundColor,
    lead: (document.querySelector('.lead') || {}).innerText,
  };
  try {
    const axe_found = await axe.run(document);
    found.passes = axe_found.passes.length;
    found.violations = axe_found.violations.map(rule => ({
      rule: rule.id,
      nodes: rule.nodes.length,
      first: rule.nodes.slice(0, 3).map(node => node.html.slice(0, 200) + ' | ' + node.failureSummary),
    }));
  } catch (error) {
    found.violations = [{ rule: String(error) }];
  }
  parent.postMessage(JSON.stringify(found), '*');
});
