{% include "drf_spectacular/swagger_ui.js" %}
{% comment %}Swagger UI has a dark look but waits to be told.{% endcomment %}
const dark = matchMedia("(prefers-color-scheme: dark)");
const wear = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
dark.addEventListener("change", wear);
wear();
