package buoy.daemon.page;

/**
 * How the page looks: by the light of the room, in one column from a telephone to a wall screen.
 */
final class PageStyle {
    static final String TEXT =
            """
            :root {
              color-scheme: light dark;
              --back: #f6f7f9; --card: #fff; --ink: #16202b; --soft: #5b6875; --line: #dfe4ea; --edge: #7b8896;
              --good: #0b7a4b; --good-back: #e3f5ec; --warn: #8a5300; --warn-back: #fff3d6;
              --bad: #b3151f; --bad-back: #fde7e8; --calm: #41566b; --calm-back: #e9eef3; --focus: #1f6feb; --shade: #0003;
            }
            @media (prefers-color-scheme: dark) {
              :root {
                --back: #10161c; --card: #182129; --ink: #e6edf3; --soft: #93a1ae; --line: #2a3742; --edge: #6d7d8b;
                --good: #5fd39b; --good-back: #12352a; --warn: #f2c14e; --warn-back: #3a2d0c;
                --bad: #ff8a8f; --bad-back: #431a1e; --calm: #b4c3d1; --calm-back: #26333e; --focus: #79b8ff; --shade: #000b;
              }
            }
            * { box-sizing: border-box; }
            body {
              margin: 0; background: var(--back); color: var(--ink);
              font: 15px/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
            }
            header, main, footer { max-width: 96rem; margin: 0 auto; padding: 0 1.25rem; }
            header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; align-items: baseline; padding-top: 1.25rem; }
            h1 { font-size: 1.35rem; margin: 0; letter-spacing: -.01em; }
            h2 { font-size: 1rem; margin: 1.75rem 0 .6rem; }
            h3 { font-size: 1rem; margin: 0; }
            header p, footer, .soft { color: var(--soft); font-weight: 400; }
            header p, .soft { margin: 0; }
            footer { padding-top: 2rem; padding-bottom: 2rem; font-size: .85rem; }
            a { color: inherit; }
            .verdict { margin-top: 1rem; padding: 1rem 1.25rem; border-radius: .6rem; border-left: .4rem solid; }
            .verdict p { margin: 0; }
            .verdict strong { font-size: 1.25rem; }
            .verdict ul { margin: .4rem 0 0; padding-left: 1.2rem; }
            .verdict.good { background: var(--good-back); border-color: var(--good); }
            .verdict.degraded { background: var(--warn-back); border-color: var(--warn); }
            .verdict.bad { background: var(--bad-back); border-color: var(--bad); }
            .verdict.good strong { color: var(--good); }
            .verdict.degraded strong { color: var(--warn); }
            .verdict.bad strong { color: var(--bad); }
            .cards { display: grid; gap: .8rem; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); }
            .card { background: var(--card); border: 1px solid var(--line); border-radius: .6rem; padding: .9rem 1.1rem; }
            .card > div:first-child { display: flex; gap: .6rem; align-items: center; margin-bottom: .3rem; }
            .card p { margin: .25rem 0; }
            .effects { list-style: none; margin: .4rem 0; padding: 0; display: grid; gap: .2rem; }
            .rest { margin: .5rem 0 0; }
            .scroll {
              overflow-x: auto; border: 1px solid var(--line); border-radius: .6rem;
              /* A shade at the right while there is more: what covers it goes with the content. */
              background: linear-gradient(to left, var(--card) 50%, transparent) right / 3rem 100% no-repeat local,
                linear-gradient(to left, var(--shade), transparent) right / 1.2rem 100% no-repeat scroll,
                var(--card);
            }
            .pool { margin: 1.2rem 0 .5rem; justify-content: space-between; }
            .pool, .pool h3 { display: flex; flex-wrap: wrap; gap: .4rem .6rem; align-items: center; }
            table { border-collapse: collapse; width: 100%; font-size: .9rem; font-variant-numeric: tabular-nums; }
            th { font-weight: 600; text-align: left; }
            thead th { font-size: .8rem; color: var(--soft); }
            th, td { padding: .3rem .45rem; white-space: nowrap; border-top: 1px solid var(--line); vertical-align: baseline; }
            thead th { border-top: 0; }
            th:first-child { position: sticky; left: 0; background: var(--card); }
            th:first-child, td:first-child { padding-left: .9rem; }
            td.why { white-space: normal; overflow-wrap: anywhere; min-width: 14rem; width: 100%; }
            td.num, th.num { text-align: right; }
            code { font: .92em ui-monospace, "SF Mono", Menlo, Consolas, monospace; overflow-wrap: anywhere; }
            .tag { border-radius: 1rem; padding: .05rem .6rem; font-size: .82rem; font-weight: 600; white-space: nowrap; }
            .tag.good { background: var(--good-back); color: var(--good); }
            .tag.degraded { background: var(--warn-back); color: var(--warn); }
            .tag.bad { background: var(--bad-back); color: var(--bad); }
            .tag.calm { background: var(--calm-back); color: var(--calm); }
            .verdict .tag { border: 1px solid; }
            .verdict ul { list-style: none; padding: 0; }
            .verdict li { padding: .15rem 0; }
            #gone { position: sticky; top: 0; z-index: 1; background: var(--bad); color: var(--back); font-weight: 600; text-align: center; }
            #gone:not(:empty) { padding: .5rem 1.25rem; }
            .gone main { opacity: .75; }
            :focus-visible { outline: .15rem solid var(--focus); outline-offset: .1rem; }
            summary { cursor: pointer; color: var(--soft); width: fit-content; }
            figure { margin: 0; }
            figcaption { margin: .2rem 0; }
            .charts { align-items: start; }
            .charts svg { display: block; width: 100%; }
            .charts text { font-size: 6.5px; fill: var(--soft); text-anchor: end; }
            .rate, .failed { fill: none; stroke: var(--focus); stroke-width: 1.2; }
            .rate { fill: var(--focus); fill-opacity: .14; }
            .failed { stroke: var(--bad); }
            .grid { stroke: var(--line); stroke-width: .5; }
            .heat1, .heat2, .heat3, .heat4 { stroke: var(--focus); stroke-width: 4; }
            .heat1 { opacity: .45; }
            .heat2 { opacity: .65; }
            .heat3 { opacity: .82; }
            .states { list-style: none; margin: 0; display: grid; gap: .35rem; }
            .states li { display: grid; grid-template-columns: minmax(7rem, 12rem) 1fr 15rem; gap: .2rem .8rem; align-items: center; overflow-wrap: anywhere; }
            .states svg { width: 100%; height: .8rem; background: var(--calm-back); border-radius: .2rem; }
            .states path { stroke-width: 8; }
            path.good { stroke: var(--good); }
            path.calm { stroke: var(--soft); }
            path.bad { stroke: var(--bad); }
            button { font: inherit; font-size: .82rem; color: var(--ink); background: var(--card); border: 1px solid var(--edge); border-radius: .4rem; padding: .15rem .55rem; cursor: pointer; }
            button:hover { background: var(--calm-back); }
            button[aria-pressed=true] { background: var(--calm-back); border-color: var(--calm); color: var(--calm); font-weight: 600; }
            .actions { display: inline-flex; }
            .actions button { border-radius: 0; margin-left: -1px; }
            .actions button:first-child { border-radius: .4rem 0 0 .4rem; }
            .actions button:last-child { border-radius: 0 .4rem .4rem 0; }
            .actions button:focus-visible { z-index: 1; }
            body:not(:has(#act)) .actions { display: none; }
            body:not(:has(#act)) button[form] { pointer-events: none; border: 0; }
            #said { position: fixed; inset: auto 0 1rem 0; z-index: 2; width: fit-content; max-width: min(44rem, 92vw); margin: 0 auto; padding: .7rem 1rem; border: 1px solid; border-radius: .6rem; display: flex; gap: 1rem; align-items: center; box-shadow: 0 .2rem 1rem #0005; }
            #said p { margin: 0; overflow-wrap: anywhere; }
            #said:not([class]), #said[class=""] { border: 0; padding: 0; box-shadow: none; }
            #said:not([class]) button, #said[class=""] button { display: none; }
            #said.good { background: var(--good-back); color: var(--good); }
            #said.bad { background: var(--bad-back); color: var(--bad); }
            #said.calm { background: var(--calm-back); color: var(--calm); }
            #said button { color: inherit; background: none; }
            dialog { color: var(--ink); background: var(--card); border: 1px solid var(--edge); border-radius: .6rem; max-width: min(32rem, 92vw); padding: 1.2rem 1.4rem; }
            dialog::backdrop { background: #0007; }
            dialog p { margin: 0 0 .8rem; }
            dialog p:last-child { margin: 1rem 0 0; }
            dialog button, .answer button { font-size: 1rem; padding: .3rem 1rem; }
            dialog button[value=yes], .answer form button { background: var(--ink); color: var(--card); border-color: var(--ink); }
            [hidden] { display: none; }
            input { font: inherit; color: var(--ink); background: var(--back); border: 1px solid var(--edge); border-radius: .4rem; padding: .2rem .5rem; width: 6rem; }
            .answer { padding-top: 2rem; }
            @media (max-width: 40rem) {
              header, main, footer { padding-left: .75rem; padding-right: .75rem; }
              tbody th { min-width: 7rem; max-width: 11rem; white-space: normal; overflow-wrap: anywhere; }
              td.why { min-width: 9rem; width: auto; }
              td.why:empty { min-width: 0; }
              .cards { grid-template-columns: 1fr; }
              .states li { grid-template-columns: 1fr; gap: .1rem; padding-bottom: .3rem; }
            }
            @media print { #gone { display: none; } .gone main { opacity: 1; } }
            """;

    private PageStyle() {}
}
