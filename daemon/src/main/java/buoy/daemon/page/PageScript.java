package buoy.daemon.page;

/** What keeps the page live. Without it the page is a snapshot that a browser takes again. */
final class PageScript {
    /**
     * One stream of events, while somebody looks: each brings one part, which takes the place of
     * the old one node by node. A stream that ends is opened again: by the browser, or, where it
     * was refused, by us. Silence is told apart from calm, as the head comes each second.
     */
    static final String TEXT =
            """
            'use strict';
            const gone = document.getElementById('gone');
            let source = null, heard = Date.now();

            const morph = (old, fresh) => {
              if (old.nodeName !== fresh.nodeName) {
                old.replaceWith(fresh);
              } else if (old.nodeType !== Node.ELEMENT_NODE) {
                if (old.data !== fresh.data) old.data = fresh.data;
              } else {
                for (const {name} of [...old.attributes]) {
                  if (name !== 'open' && !fresh.hasAttribute(name)) old.removeAttribute(name);
                }
                for (const {name, value} of fresh.attributes) {
                  if (old.getAttribute(name) !== value) old.setAttribute(name, value);
                }
                children(old, fresh);
              }
            };
            const children = (old, fresh) => {
              const now = [...old.childNodes], next = [...fresh.childNodes];
              next.forEach((node, i) => i < now.length ? morph(now[i], node) : old.append(node));
              now.slice(next.length).forEach(node => node.remove());
            };

            const live = () => {
              heard = Date.now();
              gone.textContent = '';
              document.body.classList.remove('gone');
            };
            const lost = () => {
              if (document.body.classList.contains('gone')) return;
              const time = document.querySelector('#head time').textContent;
              gone.textContent = 'Not live since ' + time + ': no answer from Buoy. Trying again.';
              document.body.classList.add('gone');
            };
            const show = (part, html) => {
              live();
              children(part, new DOMParser().parseFromString(html, 'text/html').body);
              if (part.id !== 'verdict') return;
              document.title = part.querySelector('strong').textContent + ': '
                + document.querySelector('h1').textContent;
            };

            const open = () => {
              if (source !== null || document.hidden) return;
              source = new EventSource(location.origin + '/api/v1/page');
              for (const part of document.querySelectorAll('[data-live]')) {
                source.addEventListener(part.id, event => show(part, event.data));
              }
              const mine = source;
              source.onerror = () => {
                lost();
                if (mine.readyState !== EventSource.CLOSED || source !== mine) return;
                source = null;
                setTimeout(open, 5000);
              };
            };
            document.addEventListener('visibilitychange', () => {
              heard = Date.now();
              if (!document.hidden) return open();
              if (source !== null) source.close();
              source = null;
            });
            setInterval(() => { if (!document.hidden && Date.now() - heard > 5000) lost(); }, 1000);
            open();

            const act = document.getElementById('act');
            if (act !== null) {
              const said = document.getElementById('said'), ask = document.getElementById('ask');
              const [sure, cancel] = ask.querySelectorAll('button');
              const number = ask.querySelector('input');
              const tell = (kind, words) => {
                said.className = kind;
                said.firstChild.textContent = words;
              };
              const send = async (button, path) => {
                tell('calm', button.getAttribute('aria-label') + ' \u2026');
                try {
                  const answer = await fetch(location.origin + path, {
                    method: 'POST',
                    headers: {'Accept': 'text/plain', 'X-Buoy-Token': act.elements.token.value}
                  });
                  tell(answer.ok ? 'good' : 'bad', (answer.ok ? '' : 'Not done. ') + await answer.text());
                } catch {
                  tell('bad', 'No answer from Buoy: it may be done, or not.');
                }
              };
              act.addEventListener('submit', event => {
                event.preventDefault();
                const button = event.submitter, path = button.getAttribute('formaction');
                const question = button.dataset.ask, now = button.dataset.number;
                if (question === undefined) return send(button, path);
                ask.querySelector('#question').textContent = question;
                sure.textContent = now === undefined ? button.textContent : 'Set';
                number.disabled = number.parentNode.hidden = now === undefined;
                number.value = now === undefined ? '' : now;
                ask.returnValue = '';
                ask.onclose = () => {
                  if (ask.returnValue === 'yes') {
                    send(button, now === undefined ? path : path + '/' + number.value);
                  }
                };
                ask.showModal();
                (now === undefined ? cancel : number).focus();
              });
              cancel.addEventListener('click', () => ask.close());
              said.lastChild.addEventListener('click', () => tell('', ''));
            }
            """;

    private PageScript() {}
}
