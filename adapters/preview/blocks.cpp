#include "adapters/preview/blocks.hpp"

#include <array>
#include <nlohmann/json.hpp>

namespace broadsheet::preview {
namespace {

using Json = nlohmann::json;

Json of(const doc::Text& t) {
  constexpr std::array kStyles = {"none", "strong", "emphasis", "code"};
  Json out = {{"text", t.text}};
  if (t.style != doc::Emphasis::none) out["style"] = kStyles.at(static_cast<std::size_t>(t.style));
  return out;
}
Json of(const doc::Link& l) {
  return {{"text", l.text}, {"link", l.url}};
}
Json of(const doc::Math& m) {
  return {{"text", m.display}, {"tex", m.tex}};
}
Json of(const doc::Inlines& inlines) {
  Json out = Json::array();
  for (const auto& i : inlines) out.push_back(std::visit([](const auto& x) { return of(x); }, i));
  return out;
}

Json of(const doc::Heading& b) {
  return {{"block", "heading"}, {"level", b.level}, {"text", of(b.text)}};
}
Json of(const doc::Paragraph& b) {
  return {{"block", "paragraph"}, {"text", of(b.text)}};
}
Json of(const doc::ListBlock& b) {
  Json items = Json::array();
  for (const auto& item : b.items) items.push_back(of(item));
  return {{"block", "list"}, {"numbered", b.numbered}, {"first", b.first}, {"items", std::move(items)}};
}
Json of(const doc::Quote& b) {
  return {{"block", "quote"}, {"text", of(b.text)}};
}
Json of(const doc::CodeBlock& b) {
  return {{"block", "code"}, {"text", b.text}, {"language", b.language}};
}
Json of(const doc::Divider& /*b*/) {
  return {{"block", "divider"}};
}
Json of(const doc::Note& b) {
  return {{"block", "note"}, {"text", of(b.text)}};
}
Json of(const doc::Buttons& b) {
  Json buttons = Json::array();
  for (const auto& button : b.buttons) {
    Json one = {{"label", button.label}};
    if (!button.url.empty()) one["link"] = button.url;
    buttons.push_back(std::move(one));
  }
  return {{"block", "buttons"}, {"buttons", std::move(buttons)}};
}
Json of(const doc::Collapsible& b) {
  return {{"block", "collapsible"}, {"label", b.label}, {"content", to_json(b.content)}};
}
Json of(const doc::CardBlock& b) {
  return {{"block", "card"}, {"paper", b.paper.str()}, {"content", to_json(b.content)}};
}

}  // namespace

Json to_json(const doc::Blocks& blocks) {
  Json out = Json::array();
  for (const auto& block : blocks) out.push_back(std::visit([](const auto& b) { return of(b); }, block));
  return out;
}

}  // namespace broadsheet::preview
