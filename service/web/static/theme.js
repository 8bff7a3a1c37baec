// Before anything is painted: the theme that the reader chose here, if any. Without one the system's is taken.
try {
  const chosen = localStorage.getItem("concord-theme");
  if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
} catch {
  // a browser that keeps nothing follows the system
}
