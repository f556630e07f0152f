// Everything works without this file. It keeps an open page up to date, and completes terms in the search box.
'use strict';

const live = document.body.dataset.live;
const token = document.querySelector('input[data-token]');

let isPressed = false;

// What the reader writes, has written, marks or presses must not be drawn over.
function isBusy(part) {
    return isPressed || (getSelection().type === 'Range' && part.contains(getSelection().anchorNode))
        || [...part.querySelectorAll('input:not([type=hidden]), textarea, select')].some(field =>
            field === document.activeElement || (field.matches('select') ? field.selectedIndex > 0 : field.value !== field.defaultValue));
}

// Finds an element again after its part was drawn anew.
function selectorOf(element) {
    const details = element.closest('summary')?.parentElement.id;
    return details ? `#${CSS.escape(details)} > summary`
        : element.matches('a[href]') ? `a[href="${CSS.escape(element.getAttribute('href'))}"]`
        : element.matches('button[aria-label]') ? `button[aria-label="${CSS.escape(element.getAttribute('aria-label'))}"]`
        : undefined;
}

function draw(part, fresh) {
    const focused = part.contains(document.activeElement) ? selectorOf(document.activeElement) : undefined;
    const places = [...part.querySelectorAll('.scroll, pre')].map(box => [box.scrollLeft, box.scrollTop]);
    // What the reader has opened stays open.
    for (const details of part.querySelectorAll('details[id]')) {
        const same = fresh.querySelector('#' + CSS.escape(details.id));
        if (same)
            same.open = details.open;
    }
    part.replaceChildren(...document.importNode(fresh, true).childNodes);
    for (const input of part.querySelectorAll('input[data-token]'))
        Object.assign(input, { name: token.name, value: token.value });
    [...part.querySelectorAll('.scroll, pre')].slice(0, places.length).forEach((box, i) => [box.scrollLeft, box.scrollTop] = places[i]);
    if (focused)
        part.querySelector(focused)?.focus({ preventScroll: true });
}

function update(html) {
    const fresh = new DOMParser().parseFromString(html, 'text/html');
    for (const part of document.querySelectorAll('[data-part]')) {
        const other = fresh.getElementById(part.id);
        if (other && other.innerHTML !== part.innerHTML && !isBusy(part))
            draw(part, other);
    }
}

if (live && window.EventSource && document.querySelector('[data-part]')) {
    let source;
    const connect = () => {
        source ??= new EventSource(live);
        source.onmessage = message => update(message.data);
    };
    const disconnect = () => {
        source?.close();
        source = undefined;
    };
    document.addEventListener('pointerdown', () => isPressed = true);
    for (const end of ['pointerup', 'pointercancel'])
        document.addEventListener(end, () => setTimeout(() => isPressed = false));
    document.addEventListener('visibilitychange', () => document.hidden ? disconnect() : connect());
    if (!document.hidden)
        connect();
}

// The list has terms; the browser completes the whole box. So the options are made anew for the term that is being written.
const box = document.querySelector('input[data-terms]');
if (box) {
    const list = document.getElementById(box.getAttribute('list'));
    const terms = [...list.options].map(option => option.value);
    box.addEventListener('input', () => {
        const start = box.value.lastIndexOf(' ') + 1;
        const before = box.value.slice(0, start);
        list.replaceChildren(...terms.map(term => Object.assign(document.createElement('option'), { value: before + term })));
    });
}

for (const button of document.querySelectorAll('button[data-copy]'))
    button.addEventListener('click', () => navigator.clipboard?.writeText(button.dataset.copy));
