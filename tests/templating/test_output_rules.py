"""Pages that templates print are held to the rules of content: nothing runs, loads or links to a reader's own disk."""

from pathlib import Path

import pytest
from variant_samples import sample, write_set

from brief.model.diagnostics import ContentError
from brief.writers.html import write as write_html
from brief.writers.pdf import write as write_pdf
from brief.writers.preflight import preflight

PARAGRAPH = "block/paragraph.html.j2"

FORBIDDEN = [
    '<a href="file:///etc/passwd">x</a>',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="JAVASCRIPT&colon;alert(1)">x</a>',
    "<a href=' \tdata:text/html,x'>x</a>",
    "<a href=vbscript:x>x</a>",
    '<a href="//example.org/x">x</a>',
    '<a href="other.html">x</a>',
    '<a href="https:x">x</a>',
    '<a ping="http://127.0.0.1:9/" href="https://example.com">x</a>',
    '<a href="mailto:a@example.org?bcc=b@example.org">x</a>',
    '<a href="MailTo:a@example.org?subject=a&amp;BCC=b@example.org">x</a>',
    '<A HREF="file:///etc/passwd">x</A>',
    '<base href="file:///etc/">',
    '<iframe src="file:///etc/passwd"></iframe>',
    "<iframe srcdoc='<p>x</p>'></iframe>",
    '<script src="http://127.0.0.1:9/"></script>',
    "<script>alert(1)</script>",
    "<script/src=//127.0.0.1></script>",
    '<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/">',
    '<meta http-equiv=" Refresh " content="0">',
    '<form action="http://127.0.0.1:9/"><input></form>',
    "<button>x</button>",
    '<video poster="http://127.0.0.1:9/x"></video>',
    '<audio src="x.mp3"></audio>',
    '<object data="x.png"></object>',
    '<embed src="x.png">',
    "<svg><script>x</script></svg>",
    '<svg><image href="http://127.0.0.1:9/x.png"/></svg>',
    '<svg><use xlink:href="http://127.0.0.1:9/x.svg#a"/></svg>',
    "<svg><foreignObject><p>x</p></foreignObject></svg>",
    '<svg><animate attributeName="href" to="javascript:x"/></svg>',
    '<table background="http://127.0.0.1:9/x"><tr><td>x</td></tr></table>',
    '<p onclick="x()">x</p>',
    "<p style=\"background: url('http://127.0.0.1:9/x')\">x</p>",
    "<style>@import 'http://127.0.0.1:9/x.css';</style>",
    "<style>p { background: url(http://127.0.0.1:9/x) }</style>",
    '<link rel="stylesheet" href="http://127.0.0.1:9/x.css">',
    '<img src="http://127.0.0.1:9/x.png">',
    "<custom-element></custom-element>",
    '<a href="blob:x">x</a>',
    '<a href="&#x66;ile:///x">x</a>',
    '<a href="\\\\host\\share">x</a>',
    '<a href="ftp://127.0.0.1/">x</a>',
    '<svg><a href="file:///x"><text>x</text></a></svg>',
    '<math><mi xlink:href="file:///x">x</mi></math>',
    '<link rel="dns-prefetch" href="//127.0.0.1">',
    '<link rel="preload" imagesrcset="http://127.0.0.1:9/x 1x">',
    '<a href="https://example.org/" attributionsrc="http://127.0.0.1:9/">x</a>',
    '<img lowsrc="http://127.0.0.1:9/x" src="#">',
    '<svg><rect fill="url(http://127.0.0.1:9/x#a)"/></svg>',
    '<svg><rect filter="url(//x/y#a)"/></svg>',
    "<svg><rect mask='\\75 rl(x.svg#a)'/></svg>",
    "<style>p { background: \\75rl(http://127.0.0.1:9/x) }</style>",
    '<style>p { background: u\\72l("http://127.0.0.1:9/x") }</style>',
    "<style>p { background: \\000075\\72 \\6c(http://127.0.0.1:9/x) }</style>",
    "<style>p { background: url(\\68ttp://127.0.0.1:9/x) }</style>",
    "<p style='background: \\75 rl(x.png)'>x</p>",
    "<style>@page { background: url(http://127.0.0.1:9/x) }</style>",
    "<template><script>x</script></template>",
    '<style>p { background: image-set("data:," 1x, "http://127.0.0.1:9/x" 2x) }</style>',
    "<p style='background: image-set(url(data:,) 1x, \"//x/y\" 2x)'>x</p>",
    "<link rel='stylesheet' href=\"data:text/css,@import 'http://127.0.0.1:9/x'\">",
]
PERMITTED = [
    '<a href="https://example.org/a?b=c#d">x</a>',
    '<a href="mailto:a@example.org">x</a>',
    '<a href="mailto:a@example.org?subject=a&amp;subject=b">x</a>',
    '<a href="#{{ block.id }}">x</a>',
    '<p style="color: red">x</p>',
    '<svg><use href="#a"/></svg>',
    '<svg><rect fill="url(#a)" filter="url(\'#b\')"/></svg>',
    '<img alt="url(http://127.0.0.1:9/)" src="data:image/png;base64,AA==">',
    "<style>p::before { content: '\\201c' }</style>",
    '<blockquote cite="https://example.org">x</blockquote>',
    "<p>on = 1, href = 2, a < b</p>",
]


@pytest.mark.parametrize("line", FORBIDDEN)
def test_what_no_page_may_hold_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    template_set = write_set(tmp_path, files={PARAGRAPH: f"<p>first</p>\n{line}\n"})
    found = list(preflight(sample(), template_set, ("html", "pdf")))
    for write in (write_html, write_pdf):
        with pytest.raises(ContentError) as caught:
            write(sample(), template_set)
        found += caught.value.diagnostics
    assert len(found) >= 4
    for each in found:
        assert each.code in ("template-unsafe", "forbidden-resource")
        assert (each.location.file, each.location.line) == (f"templates/mine/{PARAGRAPH}", 2)


@pytest.mark.parametrize("line", PERMITTED)
def test_what_content_may_hold_templates_may_print(tmp_path: Path, line: str) -> None:
    template_set = write_set(tmp_path, files={PARAGRAPH: f"<p>first</p>\n{line}\n"})
    assert write_html(sample(), template_set).data


def test_a_tag_without_an_end_is_refused(tmp_path: Path) -> None:
    template_set = write_set(tmp_path, files={"section.html.j2": "<p>first</p>\n<p title='x><script>\n"})
    with pytest.raises(ContentError):
        write_html(sample(), template_set)
