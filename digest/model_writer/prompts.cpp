#include "digest/model_writer/prompts.hpp"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "bot/base/text.hpp"
#include "digest/model_writer/answer.hpp"
#include "embedded/prompt_card.hpp"
#include "embedded/prompt_summary.hpp"

namespace broadsheet::model_writer {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kBegin = "<<<DATA", kEnd = "DATA>>>";
constexpr std::int64_t kCardTokens = 900, kSummaryTokens = 1800;
constexpr std::size_t kLongestSentence = 1200, kMostSentences = 40;  // an abstract is at most 1,920 characters

Prompt read_prompt(std::string_view file) {
  Prompt out;
  auto end = file.find('\n');
  auto number = file.substr(0, end).substr(std::string_view("version ").size());
  std::from_chars(number.data(), number.data() + number.size(), out.version);
  out.text = text::trim(file.substr(end));
  return out;
}

// The marks cannot stand in what they enclose.
std::string enclosed(std::string_view text) {
  auto out = text::collapse_space(text::make_valid_utf8(text));
  for (auto mark : {"<<<", ">>>"})
    for (auto at = out.find(mark); at != std::string::npos; at = out.find(mark)) out.erase(at, 1);
  return out;
}

std::string task_lines(const Language& language) {
  return "Language of every text: " + std::string(language.name) +
         ". English terms without a usual translation stay English.\nReturn valid json only.\n\n";
}

Json closed(Json properties) {
  Json required = Json::array();
  for (const auto& [name, value] : properties.items()) required.push_back(name);
  return {{"type", "object"},
          {"properties", std::move(properties)},
          {"required", std::move(required)},
          {"additionalProperties", false}};
}

Json list_of(Json item) {
  return {{"type", "array"}, {"items", std::move(item)}};
}

Json field_schema() {
  return closed({{"evidence", list_of({{"type", "integer"}})}, {"text", {{"type", "string"}}}});
}

Json statement_schema() {
  return closed({{"papers", list_of({{"type", "string"}})}, {"text", {{"type", "string"}}}});
}

std::string card_schema() {
  Json properties;
  for (const char* name : {"tldr", "problem", "method", "result"}) properties[name] = field_schema();
  properties["limits"] = {{"anyOf", {field_schema(), {{"type", "null"}}}}};
  return closed(std::move(properties)).dump();
}

std::string summary_schema() {
  Json theme = {
      {"label", {{"type", "string"}}}, {"papers", list_of({{"type", "string"}})}, {"text", {{"type", "string"}}}};
  return closed({{"overview", list_of(statement_schema())},
                 {"themes", list_of(closed(std::move(theme)))},
                 {"notable", list_of(statement_schema())},
                 {"read_in_full", list_of(statement_schema())}})
      .dump();
}

std::string card_lines(const Card& card) {
  auto out = "(" + card.paper.id.str() + ") " + enclosed(card.paper.title) + "\n" + enclosed(card.tldr.text) + "\n";
  for (const auto& section : card.sections)
    if (section.role == Role::method || section.role == Role::result) out += enclosed(section.text) + "\n";
  return out;
}

}  // namespace

std::int64_t estimated_tokens(std::string_view text) {
  auto characters = text::code_points(text);
  auto wide = (text.size() - characters) / 2;  // about: bytes beyond the first of characters of three
  auto by_bytes = static_cast<std::int64_t>(static_cast<double>(text.size()) / 3.5) + 1;
  return std::max(by_bytes, static_cast<std::int64_t>(wide + (characters - std::min(characters, wide)) / 4));
}

const Prompt& card_prompt() {
  static const Prompt kPrompt = read_prompt(embedded::prompt_card);
  return kPrompt;
}

const Prompt& summary_prompt() {
  static const Prompt kPrompt = read_prompt(embedded::prompt_summary);
  return kPrompt;
}

std::string prompts_version() {
  return std::to_string(card_prompt().version) + "." + std::to_string(summary_prompt().version);
}

Question card_question(const Source& source, const Language& language) {
  Question out;
  out.task = "card";
  out.system = card_prompt().text;
  out.user = task_lines(language) + std::string(kBegin) + "\nTitle: " + enclosed(source.title()) + "\n";
  std::size_t number = 0;
  for (const auto& sentence : source.sentences()) {
    if (++number > kMostSentences) break;
    out.user += "[" + std::to_string(number) + "] " + text::ellipsize(enclosed(sentence), kLongestSentence) + "\n";
  }
  out.user += kEnd;
  out.schema = card_schema();
  out.output_tokens = kCardTokens;
  return out;
}

Question summary_question(const std::vector<Card>& cards, const Language& language) {
  Question out;
  out.task = "summary";
  out.system = summary_prompt().text;
  out.user = task_lines(language) + std::string(kBegin) + "\n";
  for (const auto& card : cards) out.user += card_lines(card);
  out.user += kEnd;
  out.schema = summary_schema();
  out.output_tokens = kSummaryTokens;
  return out;
}

Question probe_question() {
  Question out;
  out.task = "probe";
  out.system = "Answer with one JSON object and nothing else: {\"works\": true}.";
  out.user = "Does this work? Return valid json only.";
  out.schema = closed({{"works", {{"type", "boolean"}}}}).dump();
  out.output_tokens = 200;
  return out;
}

bool is_probe_answer(const std::string& content) {
  auto answer = object_in(content);
  return answer && answer->contains("works");
}

Question repair_question(Question question, const std::vector<std::string>& defects) {
  question.user += "\n\nAn earlier answer could not be used. Answer again, whole, without these defects:\n";
  for (const auto& defect : defects) question.user += defect + "\n";
  return question;
}

}  // namespace broadsheet::model_writer
