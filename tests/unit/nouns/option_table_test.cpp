#include "bot/model/option_table.hpp"

#include <gtest/gtest.h>

namespace broadsheet::model {
namespace {

TEST(OptionTable, HasARowForEachKeyInItsOrder) {
  std::size_t n = 0;
  for (const auto& row : option_rows()) EXPECT_EQ(static_cast<std::size_t>(row.key), n++) << row.configured;
  for (const auto& row : option_rows()) {
    EXPECT_EQ(find_option_row(row.configured), &row);
    EXPECT_EQ(find_option_row(row.name), &row);
  }
  EXPECT_EQ(find_option_row("Filter"), &row_of(OptionKey::filter));
  EXPECT_EQ(find_option_row(""), nullptr);
}

TEST(OptionTable, ReadsWhatItWrites) {
  Effective some{*When::parse("9am"),
                 "Asia/Tokyo",
                 *Days::parse({"mon,fri"}),
                 3,
                 Style::titles,
                 "en",
                 "graph -survey",
                 "tides",
                 EmptyPolicy::silent,
                 ThreadPolicy::off,
                 UnknownPolicy::skip};
  Options read;
  for (const auto& row : option_rows()) {
    EXPECT_FALSE(is_set(read, row.key)) << row.configured;
    EXPECT_FALSE(set_option(read, row, option_text(some, row.key))) << row.configured;
    EXPECT_TRUE(is_set(read, row.key)) << row.configured;
  }
  EXPECT_EQ(read, options_of(some));
  EXPECT_EQ(resolve({read}), some);
}

TEST(OptionTable, SaysWhatIsWrongAndWhatIsNear) {
  struct Wrong {
    OptionKey key;
    const char *value, *said;
  };
  for (const auto& [key, value, said] :
       {Wrong{OptionKey::top, "51", "\"51\" is not 1 to 50"},
        {OptionKey::style, "card", "did you mean \"cards\"?"},
        {OptionKey::at, "25:00", "\"25:00\" is not a time; write announce, 09:00 or 9am"},
        {OptionKey::time_zone, "Europe/Berln", "did you mean \"Europe/Berlin\"?"},
        {OptionKey::days, "someday", "is not weekdays, daily, mon,wed,fri or weekly:fri"},
        {OptionKey::language, "english please", "is not a language such as en"}}) {
    Options options;
    auto fault = set_option(options, row_of(key), value);
    ASSERT_TRUE(fault) << value;
    EXPECT_EQ(options, Options()) << value;
    auto sentence = to_string(*fault, row_of(key), value);
    EXPECT_NE(sentence.find(said), std::string::npos) << sentence;
  }
  Options options;
  std::string longest(kLongestOption + 1, 'x');
  auto fault = set_option(options, row_of(OptionKey::interests), longest);
  ASSERT_TRUE(fault);
  EXPECT_EQ(to_string(*fault, row_of(OptionKey::interests), longest), "longer than 500 characters");
}

}  // namespace
}  // namespace broadsheet::model
