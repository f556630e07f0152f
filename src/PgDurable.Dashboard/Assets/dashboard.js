// Everything works without this file. It keeps an open page up to date, and completes terms in the search box.
'use strict';

const live = document.body.dataset.live;
const token = document.querySelector('input[data-token]');

function isBusy(element) {
    return element.contains(document.activeElement) && element.querySelector('input, textarea, select') !== null
        && document.activeElement.matches('input, textarea, select');
}

function update(html) {
    const fresh = new DOMParser().parseFromString(html, 'text/html');
    for (const part of document.querySelectorAll('[data-part]')) {
        const other = fresh.getElementById(part.id);
        if (!other || other.innerHTML === part.innerHTML || isBusy(part))
            continue;
        // What the reader has opened stays open.
        for (const details of part.querySelectorAll('details[id]')) {
            const same = other.querySelector('#' + CSS.escape(details.id));
            if (same)
                same.open = details.open;
        }
        part.replaceChildren(...document.importNode(other, true).childNodes);
        for (const input of part.querySelectorAll('input[data-token]'))
            Object.assign(input, { name: token.name, value: token.value });
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
