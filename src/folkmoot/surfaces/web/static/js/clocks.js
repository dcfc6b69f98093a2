// Fields for date and time, which the server fills in UTC, in the reader's own time.

const pad = (number) => String(number).padStart(2, "0");

function local(moment) {
  const day = [moment.getFullYear(), moment.getMonth() + 1, moment.getDate()].map(pad).join("-");
  return `${day}T${pad(moment.getHours())}:${pad(moment.getMinutes())}`;
}

export function turnClocks(root) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  for (const field of root.querySelectorAll("input[data-moment]")) {
    const offset = field.form.elements[`${field.name}_offset`];
    const hint = document.getElementById(`${field.id}-hint`);
    if (field.value) field.value = local(new Date(`${field.value}Z`));
    if (hint) hint.textContent = `In your time${zone ? ` (${zone})` : ""}.`;
    // Summer time may begin in between: what counts is the offset at that moment.
    const settle = () => {
      const chosen = field.value ? new Date(field.value) : new Date();
      offset.value = String(chosen.getTimezoneOffset());
    };
    field.addEventListener("input", settle);
    settle();
  }
}
