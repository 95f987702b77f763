#include "readable.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "adapters/telegram/split.hpp"
#include "adapters/telegram/utf.hpp"

namespace broadsheet::telegram::test {
namespace {

std::string tag(const Entity& e, bool opening) {
  static const std::map<EntityType, std::string> kNames = {{EntityType::bold, "b"},
                                                           {EntityType::italic, "i"},
                                                           {EntityType::code, "c"},
                                                           {EntityType::pre, "pre"},
                                                           {EntityType::text_link, "a"},
                                                           {EntityType::blockquote, "q"},
                                                           {EntityType::expandable_blockquote, "qq"}};
  auto it = kNames.find(e.type);
  auto name = it == kNames.end() ? std::string(to_string(e.type)) : it->second;
  if (!opening) return "</" + name + ">";
  return "<" + name + (e.url.empty() ? "" : " " + e.url) + (e.language.empty() ? "" : " " + e.language) + ">";
}

void visible(std::string& out, char32_t c) {
  if (c == 0x200B)
    out += "{zw}";
  else if (c == 0x2068)
    out += "{fsi}";
  else if (c == 0x2069)
    out += "{pdi}";
  else
    append_utf8(out, c);
}

}  // namespace

std::string readable(const FormattedText& text) {
  std::string out;
  std::size_t unit = 0;
  auto at_boundary = [&] {
    for (auto it = text.entities.rbegin(); it != text.entities.rend(); ++it)
      if (it->offset + it->length == unit) out += tag(*it, false);
    for (const auto& e : text.entities)
      if (e.offset == unit) out += tag(e, true);
  };
  for (std::size_t i = 0; i < text.text.size();) {
    at_boundary();
    auto c = next_code_point(text.text, i);
    visible(out, c);
    unit += units_of(c);
  }
  at_boundary();
  return out;
}

FormattedText text_of_body(const std::string& body) {
  auto j = nlohmann::json::parse(body);
  FormattedText out{j.at("text"), {}};
  for (const auto& e : j.value("entities", nlohmann::json::array())) {
    Entity entity;
    for (int t = 0; t <= static_cast<int>(EntityType::expandable_blockquote); ++t)
      if (to_string(static_cast<EntityType>(t)) == e.at("type").get<std::string>())
        entity.type = static_cast<EntityType>(t);
    entity.offset = e.at("offset");
    entity.length = e.at("length");
    entity.url = e.value("url", "");
    entity.language = e.value("language", "");
    out.entities.push_back(entity);
  }
  return out;
}

std::string readable(const std::vector<model::OutgoingMessage>& messages) {
  std::string out;
  for (const auto& m : messages) {
    auto text = text_of_body(m.body);
    auto j = nlohmann::json::parse(m.body);
    auto measured = measure(text);
    out += "======== " + std::string(to_string(m.kind)) + ", " + std::to_string(measured.units) + " units, " +
           std::to_string(measured.entities) + " entities" +
           (j.value("disable_notification", false) ? ", silent" : "") + "\n" + readable(text) + "\n--------\n";
    if (!j.contains("reply_markup")) continue;
    for (const auto& row : j["reply_markup"]["inline_keyboard"]) {
      for (const auto& b : row)
        out += "[" + b.at("text").get<std::string>() + " = " + b.value("callback_data", b.value("url", "")) + "] ";
      out += "\n";
    }
  }
  return out;
}

}  // namespace broadsheet::telegram::test
