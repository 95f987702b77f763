#include "digest/model_writer/answer.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "bot/base/json.hpp"
#include "bot/base/text.hpp"
#include "digest/latex/display.hpp"
#include "digest/latex/scan.hpp"

namespace broadsheet::model_writer {
namespace {

constexpr std::size_t kLongestAnswer = std::size_t{256} << 10;

// TeX commands whose first letter JSON reads as a control character.
constexpr auto kCommands = std::to_array<std::string_view>(
    {"nabla", "nu",    "neq",   "ne",         "neg",    "ni",    "not",   "notin",  "tau",
     "theta", "times", "text",  "textbf",     "textit", "tilde", "to",    "top",    "tan",
     "tanh",  "rho",   "right", "rightarrow", "rangle", "rm",    "rceil", "rfloor", "top"});

std::string_view without_thoughts(std::string_view content) {
  content = text::trim(content);
  if (content.starts_with("\xEF\xBB\xBF")) content.remove_prefix(3);
  content = text::trim(content);
  constexpr std::string_view kOpen = "<think>", kClose = "</think>";
  if (!content.starts_with(kOpen)) return content;
  auto end = content.find(kClose);
  return end == std::string_view::npos ? std::string_view() : content.substr(end + kClose.size());
}

// From the first "{" to the brace that closes it; empty if none does.
std::string_view first_object(std::string_view content) {
  auto begin = content.find('{');
  if (begin == std::string_view::npos) return {};
  int depth = 0;
  bool quoted = false;
  for (auto i = begin; i < content.size(); ++i) {
    char c = content[i];
    if (quoted && c == '\\')
      ++i;
    else if (c == '"')
      quoted = !quoted;
    else if (!quoted && c == '{')
      ++depth;
    else if (!quoted && c == '}' && --depth == 0)
      return content.substr(begin, i - begin + 1);
  }
  return {};
}

bool is_command(std::string_view letters) {
  return std::find(kCommands.begin(), kCommands.end(), letters) != kCommands.end();
}

bool is_hex(std::string_view four) {
  return four.size() == 4 && four.find_first_not_of("0123456789abcdefABCDEF") == std::string_view::npos;
}

// Whether the backslash at `at` was meant for TeX.
bool is_tex(std::string_view object, std::size_t at) {
  auto rest = object.substr(at + 1);
  if (rest.empty()) return false;
  char c = rest.front();
  if (c == 'u') return !is_hex(rest.substr(1, 4));
  if (c == '"' || c == '\\' || c == '/') return false;
  std::size_t end = 0;
  while (end < rest.size() && latex::is_letter(rest[end])) ++end;
  if (c == 'b' || c == 'f') return end > 1;
  if (c == 'n' || c == 't' || c == 'r') return is_command(rest.substr(0, end));
  return true;
}

std::string with_tex_escaped(std::string_view object) {
  std::string out;
  for (std::size_t i = 0; i < object.size(); ++i) {
    out += object[i];
    if (object[i] != '\\') continue;
    if (is_tex(object, i))
      out += '\\';
    else if (i + 1 < object.size())
      out += object[++i];
  }
  return out;
}

}  // namespace

Result<nlohmann::json> object_in(std::string_view content) {
  if (content.size() > kLongestAnswer) return Error(ErrorKind::refused, "the answer is too long");
  auto object = first_object(without_thoughts(content));
  if (object.empty()) return Error(ErrorKind::refused, "the answer holds no whole JSON object");
  auto json = untrusted::parse_json(with_tex_escaped(object));
  if (!json) return Error(ErrorKind::refused, "the answer is not JSON");
  return json;
}

std::string shown(std::string text) {
  if (text.find('\\') != std::string::npos) text = latex::to_display(text, latex::Mode::title);
  return text::collapse_space(text);
}

}  // namespace broadsheet::model_writer
