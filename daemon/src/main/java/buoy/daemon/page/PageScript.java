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
              source = new EventSource('/api/v1/page');
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
            """;

    private PageScript() {}
}
