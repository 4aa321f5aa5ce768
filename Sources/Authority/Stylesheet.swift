/// The look of all pages. One inline sheet, allowed by its hash, so that a page needs no second request.
enum Stylesheet {
    static let text: StaticString = """
        :root{color-scheme:light dark;--ink:#1b1f24;--soft:#4d5763;--paper:#f4f5f7;--card:#fff;--line:#c9cfd6;\
        --act:#0b5cad;--on:#fff;--bad:#a11212}\
        @media(prefers-color-scheme:dark){:root{--ink:#eceff3;--soft:#b3bcc7;--paper:#14171b;--card:#1e2329;\
        --line:#465059;--act:#8cc2ff;--on:#0c1724;--bad:#ff9c9c}}\
        *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);\
        font:1rem/1.5 system-ui,sans-serif}\
        html{scrollbar-gutter:stable}header,main,footer{max-width:44rem;margin:0 auto;padding:1rem 1.5rem}\
        header{font-weight:600}main{background:var(--card);border:1px solid var(--line);border-radius:.5rem;\
        padding:1.5rem}main>:last-child{margin-bottom:0}\
        footer{color:var(--soft);font-size:.875rem}\
        h1{font-size:1.5rem;line-height:1.25;margin:0 0 1rem}h2{font-size:1.125rem;margin:2rem 0 .5rem}\
        dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{color:var(--soft)}\
        dd{margin:0;overflow-wrap:anywhere}\
        a{color:var(--act)}.action,button{display:inline-block;font:inherit;font-weight:600;padding:.6rem 1.1rem;\
        border:1px solid var(--act);border-radius:.375rem;background:var(--act);color:var(--on);\
        text-decoration:none;cursor:pointer}\
        button.quiet{background:transparent;color:var(--act)}button.grave{background:transparent;color:var(--bad);\
        border-color:var(--bad)}\
        :focus-visible{outline:3px solid var(--act);outline-offset:2px}\
        label{display:block;font-weight:600;margin:.75rem 0 .25rem}\
        input,select{font:inherit;width:100%;max-width:24rem;padding:.5rem;border:1px solid var(--soft);\
        border-radius:.375rem;background:var(--card);color:var(--ink)}\
        form p{margin:1rem 0 0}form{margin:0}\
        p.code,input.code{font:600 1.75rem/1.3 ui-monospace,monospace;letter-spacing:.08em}\
        p.code{margin:.25rem 0 1.5rem;padding:.75rem 1rem;border:1px solid var(--line);border-radius:.375rem;\
        background:var(--paper);text-align:center;user-select:all}\
        input.code{text-transform:uppercase}.hint{color:var(--soft);margin:.25rem 0 0}\
        pre{overflow-x:auto;padding:.75rem;border:1px solid var(--line);border-radius:.375rem;\
        white-space:pre-wrap;word-break:break-all;user-select:all}\
        table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.4rem .5rem .4rem 0;\
        border-bottom:1px solid var(--line);overflow-wrap:anywhere}td form{text-align:right}td button{white-space:nowrap}\
        .problem{border-left:4px solid var(--bad);padding-left:.75rem}.row{display:flex;flex-wrap:wrap;gap:.75rem}\
        @media(max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.5rem}\
        main{border-radius:0;border-width:1px 0}header,main,footer{padding-left:1rem;padding-right:1rem}\
        thead{position:absolute;clip-path:inset(50%)}tr{display:block;padding:.5rem 0;\
        border-bottom:1px solid var(--line)}td{display:flex;gap:1rem;border:0;padding:.15rem 0}\
        td[data-head]::before{content:attr(data-head);flex:none;width:4rem;color:var(--soft)}}
        """
}
