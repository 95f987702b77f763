#include "adapters/common/json.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace broadsheet::adapters {
namespace {

using nlohmann::json;

std::string repeated(std::string_view s, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += s;
  return out;
}

std::string lists(std::size_t levels) {
  return repeated("[", levels) + repeated("]", levels);
}

std::string objects(std::size_t levels) {
  return repeated(R"({"a":)", levels) + "1" + repeated("}", levels);
}

std::string why(std::string_view text) {
  auto read = parse_json(text);
  return read ? "" : read.error().what();
}

TEST(Json, IsReadDownToItsSixtyFourthLevel) {
  EXPECT_EQ(why(lists(64)), "");
  EXPECT_EQ(why(objects(64)), "");
  EXPECT_EQ(why("[" + repeated("[[1],[2]],", 9) + "3]"), "") << "what was closed does not count";
  EXPECT_EQ(why(lists(65)), "the JSON is nested too deeply");
  EXPECT_EQ(why(objects(65)), "the JSON is nested too deeply");
  EXPECT_EQ(why(R"({"a":")" + repeated("[{", 99) + R"(\"[[["})"), "") << "brackets in a text are text";
}

// A megabyte is what a body may have; the time is generous because sanitizers and a loaded machine are slow.
TEST(Json, OfAMillionLevelsIsRefusedAtOnce) {
  constexpr std::size_t kMegabyte = std::size_t{1} << 20;
  for (const auto& text : {std::string(kMegabyte, '['), repeated(R"({"a":)", kMegabyte / 5), lists(kMegabyte / 2)}) {
    EXPECT_EQ(why(text), "the JSON is nested too deeply");
    auto parts = parse_json_parts(text);
    EXPECT_EQ(parts.has_value(), text.back() == ']') << "only closed lists are JSON";
    if (parts) EXPECT_EQ(dump(*parts), repeated("[", 64) + "null" + repeated("]", 64));
  }
}

TEST(Json, NamesNoKeyTwice) {
  EXPECT_EQ(why(R"({"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]})"), "");
  EXPECT_EQ(why(R"({"a":1,"a":1})"), "the JSON names a key twice");
  EXPECT_EQ(why(R"({"a":1,"\u0061":2})"), "the JSON names a key twice") << "however it is written";
  EXPECT_EQ(why(R"([{"x":{"a":{},"b":1,"a":[]}}])"), "the JSON names a key twice");
}

TEST(Json, IsUtf8) {
  EXPECT_EQ(why(R"({"ő":"🎉 \ud83c\udf89"})"), "");
  for (const char* bytes : {"\xff", "\xc3", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", R"(\ud800)", R"(\udc00)"}) {
    EXPECT_EQ(why("\"" + std::string(bytes) + "\""), "not JSON") << bytes;
    EXPECT_EQ(why("{\"" + std::string(bytes) + "\":1}"), "not JSON") << bytes;
  }
  EXPECT_EQ(why("[1]\xc2\xa0"), "not JSON");
}

TEST(Json, IsOneWholeValue) {
  EXPECT_EQ(why(" {} \r\n"), "");
  EXPECT_EQ(why("null"), "");
  for (const char* text : {"", " ", "{", "[1,]", "{} {}", "[]x", "{}]", "// no\n{}", "NaN", "01", "1e999", "\"a\nb\"",
                           "{'a':1}", "{\"a\"}", "{1:2}"})
    EXPECT_EQ(why(text), "not JSON") << text;
}

TEST(Json, DoesNotEndAtANul) {
  using namespace std::string_view_literals;
  for (auto text : {"{}\0"sv, "{}\0{\"a\":1}"sv, "\0"sv, "[1,\0"sv, "\"a\0b\""sv}) {
    EXPECT_EQ(why(text), "not JSON");
    EXPECT_FALSE(parse_json_parts(text));
  }
  EXPECT_EQ(why(R"("a\u0000b")"), "") << "a NUL that was escaped is text";
}

TEST(Json, KeepsEveryKindOfValue) {
  auto text = R"({"a":[true,false,null,-1,18446744073709551615,1.5,"x",[],{}],"b":{"c":{"d":[{"e":"f"}]}}})";
  EXPECT_EQ(*parse_json(text), json::parse(text));
  EXPECT_EQ(*parse_json_parts(text), json::parse(text));
}

TEST(JsonParts, LoseOneObjectForItsDoubledKeyAndKeepItsNeighbours) {
  auto read = parse_json_parts(R"([{"id":1,"c":{"a":1,"a":[{"x":2}],"b":3}},{"id":2,"id":3,"c":{}},{"id":4}])");
  ASSERT_TRUE(read);
  EXPECT_EQ(dump(*read), R"([{"c":null,"id":1},null,{"id":4}])");
  EXPECT_TRUE(parse_json_parts(R"({"a":{},"a":{}})")->is_null());
  EXPECT_FALSE(parse_json_parts(R"([{"a":1,"a":1})")) << "still no JSON";
}

TEST(JsonParts, LoseWhatLiesTooDeepAndKeepItsNeighbours) {
  auto read = parse_json_parts(R"({"a":{"b":[1,[2,[{"k":1,"k":2}]],3],"c":4},"d":[[5]]})", 3);
  ASSERT_TRUE(read);
  EXPECT_EQ(dump(*read), R"({"a":{"b":[1,null,3],"c":4},"d":[[5]]})");
  EXPECT_EQ(dump(*parse_json_parts(R"({"ok":true,"result":{"id":7,"chat":{"id":1},"list":[1]}})", 2)),
            R"({"ok":true,"result":{"chat":null,"id":7,"list":null}})");
  EXPECT_EQ(dump(*parse_json_parts("[" + lists(80) + ",1]")).substr(0, 70), repeated("[", 64) + "null]]");
}

TEST(Json, IsLookedAtWithoutTrustInItsTypes) {
  auto tree = *parse_json(
      R"({"a":{"b":"x","yes":true,"n":-7},"n":1.0,"big":9223372036854775808,"most":9223372036854775807,"no":"true"})");
  EXPECT_EQ(text_at(tree, {"a", "b"}), "x");
  EXPECT_EQ(text_at(tree, {"a"}), "");
  EXPECT_EQ(text_at(tree, {"a", "b", "c"}), "");
  EXPECT_EQ(text_at(json(), {"a"}), "");
  EXPECT_TRUE(true_at(tree, {"a", "yes"}));
  EXPECT_FALSE(true_at(tree, {"no"}));
  EXPECT_EQ(number_at(tree, {"a", "n"}), -7);
  EXPECT_EQ(number_at(tree, {"most"}), std::numeric_limits<std::int64_t>::max());
  EXPECT_EQ(number_at(tree, {"n"}), std::nullopt);
  EXPECT_EQ(number_at(tree, {"big"}), std::nullopt) << "never a negative number";
  EXPECT_EQ(member(tree, {"x"}), nullptr);
  EXPECT_EQ(member(tree, {}), &tree);
}

TEST(Json, IsWrittenWhateverItsTextsHold) {
  EXPECT_EQ(dump(json{{"a", "x\xffy"}, {"b", {1, nullptr}}}), "{\"a\":\"x\xEF\xBF\xBDy\",\"b\":[1,null]}");
}

}  // namespace
}  // namespace broadsheet::adapters
