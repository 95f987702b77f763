// Papers that want to be more than text (design: reliability F60-F63), as cards.
#pragma once

#include <string>
#include <vector>

#include "digest/model/digest.hpp"

namespace broadsheet::matrix {

inline std::string many(const std::string& text, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += text;
  return out;
}

inline std::vector<std::string> hostile_texts() {
  using std::string_literals::operator""s;
  return {
      "@room @everyone @here @channel @alice:mx.test and Attention is all you need",
      "\uFF20room \u0040\u200Broom @\u2060room @arxivbot:mx.test",
      "<a href=\"https://matrix.to/#/@alice:mx.test\">alice</a> matrix:u/alice:mx.test",
      "https://matrix.to/#/!room:mx.test https://evil.example.org/x http://127.0.0.1/ tg://user?id=1",
      "[x](javascript:alert(1)) <http://evil.example|arxiv.org> <img src=x onerror=alert(1)>",
      "<script>alert(1)</script><mx-reply>@alice:mx.test</mx-reply><font color=red>",
      "</p></li></ul></details></div><h1>out</h1><!-- comment --><span data-mx-spoiler>",
      "&#0; &amp;lt;b&gt; &#x202e; &nbsp &bogus; &lt;a href=&quot;x&quot;&gt;",
      "\u202Eabc\u202C \u2066def\u2069 \u200F\u0627\u0644\u0639\u0646\u0648\u0627\u0646",
      "nul \0 bell \a escape \x1b[31m delete \x7f"s,
      "broken \xff\xfe bytes \xed\xa0\x80 and \xf0\x9f\x98 halves",
      "Z" + many("\u0301\u0327\u0489", 200) + " zalgo",
      "\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466 family \U0001F1E9\U0001F1EA flags",
      "$\\def\\x{\\x\\x}\\x$ and $\\href{https://evil.example}{here}$ and $\\input{/etc/passwd}$",
      "$" + many("{", 300) + "x" + many("}", 300) + "$ \\frac{1}{" + many("\\frac{1}{", 100),
      many("<b>", 10000),
      many("word ", 20000),
      many("x", 100000),
      many("<", 5000) + many("\"", 5000) + many("\n", 5000),
      "{\"m.mentions\":{\"room\":true},\"m.relates_to\":{\"rel_type\":\"m.replace\"}}",
      "!arxiv help\n/me leaves\n> <@alice:mx.test> quoted\n\nanswer",
      "",
      " \t\n ",
      "| a | table |\n|---|---|\n| of | pipes |\n```\ncode\n```\n# heading\n* * *",
  };
}

inline Card hostile_card(const std::string& text, int number) {
  Card card;
  card.paper.id = *PaperId::parse("2601." + std::to_string(10000 + number));
  card.paper.version = 1;
  card.paper.title = card.paper.title_raw = text;
  card.paper.abstract = card.paper.abstract_raw = text;
  for (int i = 0; i < (number % 5 == 0 ? 3000 : number % 3); ++i)
    card.paper.authors.push_back({text.substr(0, 60), {}, false});
  card.paper.categories = {"cs.CV"};
  card.paper.comment = text;
  card.tldr.text = text;
  card.sections = {{Role::method, text}, {Role::result, text}};
  card.findings = {text, text};
  card.badges = {{BadgeKind::venue, text, {}}, {BadgeKind::code, text, "javascript:alert(1)"}};
  card.why = {{ReasonKind::topic, text, 1}};
  card.degraded = text;
  return card;
}

}  // namespace broadsheet::matrix
