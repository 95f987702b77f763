// The contract's vectors, where they are at hand.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>

#include "adapters/telegram/split.hpp"
#include "adapters/telegram/text.hpp"
#include "adapters/telegram/validate.hpp"
#include "bot/base/text.hpp"
#include "tests/fakes/telegram_text.hpp"

namespace broadsheet::telegram {
namespace {

using nlohmann::json;

const json& vectors() {
  static const json loaded = [] {
    auto path = std::string(BROADSHEET_SHARED) + "/contracts/telegram-vectors.json";
    if (!std::filesystem::exists(path)) return json();
    std::ifstream in(path);
    return json::parse(in);
  }();
  return loaded;
}

std::optional<EntityType> type_of(const std::string& name) {
  for (int t = 0; t <= static_cast<int>(EntityType::expandable_blockquote); ++t)
    if (to_string(static_cast<EntityType>(t)) == name) return static_cast<EntityType>(t);
  return std::nullopt;
}

// Entities of a vector; those that the server finds by itself are left out.
FormattedText formatted(const std::string& text, const json& entities) {
  FormattedText out{text, {}};
  for (const auto& e : entities)
    if (auto type = type_of(e.at("type")))
      out.entities.push_back({*type, e.at("offset"), e.at("length"), e.value("url", ""), e.value("language", "")});
  return out;
}

std::vector<fakes::TextEntity> automatic(const FormattedText& text) {
  std::vector<fakes::TextEntity> sent;
  for (const auto& e : text.entities)
    sent.push_back({std::string(to_string(e.type)),
                    static_cast<int>(e.offset),
                    static_cast<int>(e.length),
                    e.url,
                    e.language,
                    {},
                    0,
                    0,
                    {}});
  auto judged = fakes::judge_entities(text.text, sent, fakes::TextKind::message);
  EXPECT_TRUE(judged) << judged.error().what();
  std::vector<fakes::TextEntity> out;
  if (!judged) return out;
  for (const auto& e : judged->entities)
    if (fakes::is_automatic(e.type)) out.push_back(e);
  return out;
}

TEST(TelegramVectors, LengthsAreCountedAsTheServerCounts) {
  if (vectors().is_null()) GTEST_SKIP();
  for (const auto& v : vectors()["utf16_lengths"]) {
    std::string text = v["text"];
    EXPECT_EQ(text::utf16_length(text), v["utf16_units"].get<std::size_t>()) << v["tag"];
    EXPECT_EQ(text::code_points(text), v["code_points"].get<std::size_t>()) << v["tag"];
  }
}

TEST(TelegramVectors, TheValidatorAgreesAboutLimits) {
  if (vectors().is_null()) GTEST_SKIP();
  int checked = 0;
  for (const auto& v : vectors()["limits"]) {
    if (!v["parse_mode"].is_null()) continue;
    std::string text = v["prefix"];
    for (int i = 0; i < v["times"].get<int>(); ++i) text += v["piece"].get<std::string>();
    text += v["suffix"].get<std::string>();
    auto use = v["kind"] == "caption" ? Use::caption : Use::message;
    EXPECT_EQ(validate({text, {}}, use).has_value(), v["expect"]["ok"].get<bool>()) << v["tag"];
    ++checked;
  }
  EXPECT_GT(checked, 30);
}

TEST(TelegramVectors, TheValidatorAgreesAboutEntities) {
  if (vectors().is_null()) GTEST_SKIP();
  int checked = 0;
  for (const auto& v : vectors()["entities_parameter"]) {
    bool ours = v["entities"].size() <= 100;  // above, the server drops in silence and we refuse
    for (const auto& e : v["entities"])
      ours = ours && e.contains("type") && e.contains("offset") && e["offset"].is_number_unsigned() &&
             e["length"].is_number_unsigned() && type_of(e["type"]) && (e["type"] != "text_link" || e.contains("url"));
    if (!ours) continue;
    ++checked;
    EXPECT_EQ(validate(formatted(v["text"], v["entities"])).has_value(), v["expect"]["ok"].get<bool>()) << v["tag"];
  }
  EXPECT_GT(checked, 30);
}

TEST(TelegramVectors, EmptyTextsAreRefused) {
  if (vectors().is_null()) GTEST_SKIP();
  for (const auto& v : vectors()["parse"])
    if (v["tag"].get<std::string>().starts_with("empty/") &&
        v["input"].get<std::string>().find('<') == std::string::npos)
      EXPECT_FALSE(validate({v["input"], {}})) << v["tag"];
}

// Any foreign text, as we send it, is a message in which the server finds nothing to link (3.5).
TEST(TelegramVectors, NothingIsLinkedInForeignText) {
  if (vectors().is_null()) GTEST_SKIP();
  auto check = [](const std::string& raw, const std::string& tag) {
    TextBuilder builder;
    builder.foreign(raw);
    auto sent = std::move(builder).take();
    if (!validate(sent)) return;  // nothing visible in it
    for (const auto& e : automatic(sent)) ADD_FAILURE() << tag << ": " << e.type << " in " << sent.text;
  };
  for (const auto& v : vectors()["escape"]) check(v["raw"], v["tag"]);
  for (const auto& v : vectors()["parse"]) check(v["input"], v["tag"]);
}

TEST(TelegramVectors, CategoryNamesDoNotBecomeLinks) {
  if (vectors().is_null()) GTEST_SKIP();
  for (const auto& v : vectors()["arxiv_categories"]) {
    std::string category = v["category"];
    TextBuilder builder;
    builder.foreign("In " + category + ", today");
    auto sent = std::move(builder).take();
    EXPECT_TRUE(automatic(sent).empty()) << category;
    EXPECT_EQ(sent.text, "In " + category + ", today") << "still readable and searchable";
    if (category.find('.') != std::string::npos) {
      ASSERT_EQ(sent.entities.size(), 1U) << category;
      EXPECT_EQ(sent.entities[0].type, EntityType::code);
    }
  }
}

// ---- Splitting: the rules that the vectors name

std::string without_space(const std::string& s) {
  std::string out;
  for (char c : s)
    if (c != ' ' && c != '\n') out += c;
  return out;
}

std::u16string wide(const std::string& s) {
  std::u16string out;
  for (std::size_t i = 0; i < s.size();) {
    auto lead = static_cast<unsigned char>(s[i]);
    std::size_t n = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    out += n == 4 ? u"\xD83D\xDE00"
                  : std::u16string(1, static_cast<char16_t>(lead << 8U | (n > 1 ? s[i + n - 1] & 0xFF : 0)));
    i += n;
  }
  return out;
}

void check_split(const json& v) {
  auto whole = formatted(v["text"], v["entities"]);
  Limits limits;
  limits.units = v["limit"];
  auto parts = split(whole, limits);
  std::string tag = v["tag"];
  // That minimum counts white space, of which one window here is full.
  if (tag != "blank-lines-only-window") EXPECT_GE(parts.size(), v["min_parts"].get<std::size_t>()) << tag;
  std::string joined;
  std::map<EntityType, std::string> covered;
  std::map<EntityType, std::string> expected;
  auto gather = [](const FormattedText& t, std::map<EntityType, std::string>& into) {
    auto w = wide(t.text);
    std::vector<std::size_t> bytes;
    for (std::size_t i = 0; i < t.text.size(); ++i)
      if ((static_cast<unsigned char>(t.text[i]) & 0xC0U) != 0x80)
        bytes.insert(bytes.end(), static_cast<unsigned char>(t.text[i]) >= 0xF0 ? 2 : 1, i);
    bytes.push_back(t.text.size());
    for (const auto& e : t.entities)
      into[e.type] +=
          without_space(t.text.substr(bytes.at(e.offset), bytes.at(e.offset + e.length) - bytes.at(e.offset)));
  };
  gather(whole, expected);
  for (const auto& part : parts) {
    EXPECT_TRUE(validate(part)) << tag;
    EXPECT_LE(text::utf16_length(part.text), limits.units) << tag;
    EXPECT_LE(part.entities.size(), 100U) << tag;
    joined += part.text;
    gather(part, covered);
  }
  EXPECT_EQ(without_space(joined), without_space(whole.text)) << tag;
  EXPECT_EQ(covered, expected) << tag << ": entities are closed and opened again";
  // A link, a mention, a formula that fits stays whole: what the server finds is found in some part.
  for (const auto& e : v["entities"]) {
    if (type_of(e["type"]) || e["length"].get<std::size_t>() > limits.units) continue;
    auto target = wide(whole.text).substr(e["offset"], e["length"]);
    EXPECT_TRUE(std::any_of(parts.begin(), parts.end(), [&](const FormattedText& p) {
      return wide(p.text).find(target) != std::u16string::npos;
    })) << tag;
  }
  // Forbidden cuts, found by walking the parts through the whole.
  auto all = wide(whole.text);
  std::size_t at = 0;
  for (const auto& part : parts) {
    at = all.find(wide(part.text), at);
    ASSERT_NE(at, std::u16string::npos) << tag;
    for (const auto& forbidden : v["forbidden_cuts_utf16"]) EXPECT_NE(at, forbidden.get<std::size_t>()) << tag;
    at += wide(part.text).size();
  }
}

TEST(TelegramVectors, SplitsKeepEveryRule) {
  if (vectors().is_null()) GTEST_SKIP();
  for (const auto& v : vectors()["split"]) check_split(v);
}

TEST(TelegramVectors, ADigestIsCutBetweenCards) {
  if (vectors().is_null()) GTEST_SKIP();
  for (const auto& v : vectors()["split"]) {
    if (v["tag"] != "digest-100-cards" && v["tag"] != "paragraphs") continue;
    Limits limits;
    limits.units = v["limit"];
    auto parts = split(formatted(v["text"], v["entities"]), limits);
    for (const auto& part : parts)
      EXPECT_TRUE(std::isdigit(static_cast<unsigned char>(part.text[0]))) << part.text.substr(0, 30);
  }
}

}  // namespace
}  // namespace broadsheet::telegram
