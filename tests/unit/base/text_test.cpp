#include "bot/base/text.hpp"

#include <gtest/gtest.h>

namespace broadsheet::text {
namespace {

TEST(Text, ChecksAndRepairsUtf8) {
  EXPECT_TRUE(is_valid_utf8("Kős 🎉"));
  EXPECT_FALSE(is_valid_utf8("\xC3("));
  EXPECT_FALSE(is_valid_utf8("\xED\xA0\x80"));  // a surrogate
  EXPECT_EQ(make_valid_utf8("a\xFFz"), "a\xEF\xBF\xBDz");
}

TEST(Text, Normalises) {
  EXPECT_EQ(nfc("e\xCC\x81"), "é");
}

TEST(Text, CountsWhatPlatformsCount) {
  EXPECT_EQ(utf16_length("a🎉"), 3U);
  EXPECT_EQ(code_points("a🎉"), 2U);
  EXPECT_EQ(grapheme_breaks("e\xCC\x81x").size(), 3U);
}

TEST(Text, CutsAtWords) {
  EXPECT_EQ(ellipsize("short", 10), "short");
  EXPECT_EQ(ellipsize("one two three four", 15), "one two three…");
}

TEST(Text, EscapesWhatHtmlCouldReadAsMarkup) {
  EXPECT_EQ(escape_html(R"(<a href="x" title='y'>R&D</a>)"),
            "&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;R&amp;D&lt;/a&gt;");
  EXPECT_EQ(escape_html("&amp; Kős \xFF `=/"), "&amp;amp; Kős \xFF `=/") << "all else stays, entities are text";
  EXPECT_EQ(escape_html(""), "");
}

TEST(Text, FindsTheNearestWord) {
  EXPECT_EQ(nearest("digst", {"paper", "digest", "search"}), "digest");
  EXPECT_EQ(nearest("zzzz", {"paper", "digest"}), "");
  EXPECT_EQ(edit_distance("ab", "ba", 2), 1U);
}

}  // namespace
}  // namespace broadsheet::text
