#include "adapters/matrix/markup.hpp"

#include <gtest/gtest.h>

namespace broadsheet::matrix {
namespace {

doc::Document paragraph(doc::Inlines inlines) {
  return {{doc::Paragraph{std::move(inlines), 0}}};
}

TEST(Markup, EscapesForeignTextOnce) {
  EXPECT_EQ(to_html(paragraph({doc::Text{"a < b & \"c\" 'd' &amp;"}}), {}),
            "<p>a &lt; b &amp; &quot;c&quot; &#39;d&#39; &amp;amp;</p>");
}

TEST(Markup, DropsControlCharactersAndBidiOverrides) {
  EXPECT_EQ(clean(std::string("a\0b\x1b[1m\x7f", 8)), "ab[1m");
  EXPECT_EQ(clean("safe \xe2\x80\xaegnp.exe \xe2\x81\xa6x"), "safe gnp.exe x");
  EXPECT_EQ(clean("family \xe2\x80\x8d kept"), "family \xe2\x80\x8d kept");
  EXPECT_EQ(clean_line("  two\r\n  lines "), "two lines");
  EXPECT_EQ(clean("A\xff"
                  "B"),
            "A\xef\xbf\xbd"
            "B");
}

TEST(Markup, LinksOnlyWebAddressesThatNameNobody) {
  EXPECT_TRUE(linkable("https://arxiv.org/abs/2401.00001v1"));
  EXPECT_TRUE(linkable("https://code.example/a/b?x=1&y=2#readme"));
  for (const char* bad :
       {"javascript:alert(1)", "matrix:u/ada:example.org", "https://matrix.to/#/@ada:example.org", "//evil.example/",
        "https://MATRIX.to/x", "https://xn--mtrix-4ve.to/#/@ada:example.org", "https://a.example/#/%23room:b",
        "https://a.example/#%2F%40ada:b", "https://a.example/#/!room", "https://a.example/b c", "https://a.example/\"x",
        "data:text/html,x", "/abs/2401.00001", "https://user@a.example/", ""})
    EXPECT_FALSE(linkable(bad)) << bad;
  EXPECT_EQ(to_html(paragraph({doc::Link{"Ada", "https://matrix.to/#/@ada:example.org"}}), {}), "<p>Ada</p>");
  EXPECT_EQ(to_html(paragraph({doc::Link{"code", "https://a.example/?x=1&y=2"}}), {}),
            "<p><a href=\"https://a.example/?x=1&amp;y=2\">code</a></p>");
}

TEST(Markup, SetsMathsOnRequestAndNeverMacros) {
  doc::Math alpha{"α", "\\alpha"}, bomb{"", "\\def\\x{\\x\\x}\\x"}, less{"", "a<b"};
  EXPECT_EQ(html_of({alpha}, {}), "α");
  EXPECT_EQ(html_of({less}, {}), "<code>a&lt;b</code>");
  EXPECT_EQ(html_of({alpha}, {.native_maths = true}), "<span data-mx-maths=\"\\alpha\"><code>\\alpha</code></span>");
  EXPECT_EQ(html_of({less}, {.native_maths = true}), "<span data-mx-maths=\"a&lt;b\"><code>a&lt;b</code></span>");
  EXPECT_EQ(html_of({bomb}, {.native_maths = true}), "<code>\\def\\x{\\x\\x}\\x</code>");
  EXPECT_FALSE(safe_tex("\\href{javascript:alert(1)}{x}"));
  EXPECT_TRUE(safe_tex("\\frac{a}{b} \\leq \\delta"));
}

TEST(Markup, WritesABodyThatReadsAlone) {
  doc::Document document;
  document.blocks.emplace_back(doc::Heading{1, {doc::Text{"cs.CL · Friday"}}});
  document.blocks.emplace_back(
      doc::ListBlock{{{doc::Link{"A title", "https://arxiv.org/abs/2401.00001v1"}, doc::Text{" — short."}}}, true, 0});
  document.blocks.emplace_back(doc::Collapsible{"Abstract", {doc::Quote{{doc::Text{"We show."}}, 0}}, 1});
  document.blocks.emplace_back(doc::Note{{doc::Text{"2 papers"}}, 0});
  EXPECT_EQ(to_body(document),
            "# cs.CL · Friday\n\n1. A title (https://arxiv.org/abs/2401.00001v1) — short.\n\nAbstract:\n> We show.\n"
            "2 papers");
  EXPECT_EQ(to_html(document, {}),
            "<h3>cs.CL · Friday</h3><ol><li><a href=\"https://arxiv.org/abs/2401.00001v1\">A title</a> — short.</li>"
            "</ol><details><summary>Abstract</summary><blockquote>We show.</blockquote></details>"
            "<p><em>2 papers</em></p>");
}

TEST(Markup, NumbersButtonsThroughTheDocument) {
  doc::Button details{doc::Action::details, "Details", {}, {}}, save{doc::Action::save, "Save", {}, {}};
  doc::Button pdf{doc::Action::pdf, "PDF", {}, "https://arxiv.org/pdf/2401.00001v1"};
  doc::Document document{{doc::Buttons{{details, pdf}, 0}, doc::Buttons{{save}, 0}}};
  EXPECT_EQ(controls_of(document), (std::vector<doc::Button>{details, save}));
  auto body = to_body(document);
  EXPECT_NE(body.find("1\xef\xb8\x8f\xe2\x83\xa3 Details"), std::string::npos) << body;
  EXPECT_NE(body.find("2\xef\xb8\x8f\xe2\x83\xa3 Save"), std::string::npos) << body;
  EXPECT_NE(body.find("PDF (https://arxiv.org/pdf/2401.00001v1)"), std::string::npos) << body;
}

TEST(Markup, ALabelIsTextWhateverItSays) {
  doc::Button odd{doc::Action::save, "A <b>label", {}, {}};
  EXPECT_EQ(to_html({{doc::Buttons{{odd}, 0}}}, {}), "<p>1\xef\xb8\x8f\xe2\x83\xa3 A &lt;b&gt;label</p>");
}

}  // namespace
}  // namespace broadsheet::matrix
