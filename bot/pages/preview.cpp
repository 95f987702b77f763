#include "bot/pages/preview.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "bot/base/time.hpp"
#include "digest/present/frame.hpp"

namespace broadsheet::pages {
namespace {

using present::Html;
using Json = nlohmann::json;

std::string text_at(const Json& j, const char* name) {
  auto it = j.is_object() ? j.find(name) : j.end();
  return j.is_object() && it != j.end() && it->is_string() ? it->get<std::string>() : std::string();
}
const Json& list_at(const Json& j, const char* name) {
  static const Json kNone = Json::array();
  auto it = j.is_object() ? j.find(name) : j.end();
  return j.is_object() && it != j.end() && it->is_array() ? *it : kNone;
}
bool safe(const std::string& url) {
  return url.starts_with("https://") || url.starts_with("http://");
}

void inlines(Html& h, const Json& parts) {
  for (const auto& part : parts) {
    auto text = text_at(part, "text");
    auto link = text_at(part, "link");
    auto style = text_at(part, "style");
    if (safe(link))
      h.leaf("a", text, {{"href", link}, {"rel", "noopener nofollow"}});
    else if (style == "strong")
      h.leaf("b", text);
    else if (style == "emphasis")
      h.leaf("i", text);
    else if (style == "code")
      h.leaf("code", text);
    else
      h.text(text.empty() ? text_at(part, "tex") : text);
  }
}

void buttons(Html& h, const Json& block) {
  h.open("p", {{"class", "facts"}});
  for (const auto& button : list_at(block, "buttons")) {
    auto link = text_at(button, "link");
    if (safe(link))
      h.leaf("a", text_at(button, "label"), {{"class", "badge"}, {"href", link}, {"rel", "noopener nofollow"}});
    else
      h.leaf("span", text_at(button, "label"), {{"class", "badge"}});
  }
  h.close("p");
}

void blocks(Html& h, const Json& list);

void list_block(Html& h, const Json& block) {
  const char* tag = block.value("numbered", false) ? "ol" : "ul";
  auto first = block.value("first", 1);
  if (first > 1)
    h.open(tag, {{"start", std::to_string(first)}});
  else
    h.open(tag);
  for (const auto& item : list_at(block, "items")) {
    h.open("li");
    inlines(h, item.is_array() ? item : Json::array());
    h.close("li");
  }
  h.close(tag);
}

// A tag around the words of a block, for the kinds that are nothing more.
struct Simple {
  const char *kind, *tag, *css;
};
constexpr Simple kSimple[] = {
    {"heading", "h2", ""}, {"paragraph", "p", ""}, {"quote", "blockquote", ""}, {"note", "p", "why"}};

void block(Html& h, const Json& one) {
  auto kind = text_at(one, "block");
  for (const auto& simple : kSimple)
    if (kind == simple.kind) {
      if (*simple.css == 0)
        h.open(simple.tag);
      else
        h.open(simple.tag, {{"class", simple.css}});
      inlines(h, list_at(one, "text"));
      h.close(simple.tag);
    }
  if (kind == "list") list_block(h, one);
  if (kind == "code") h.leaf("pre", text_at(one, "text"));
  if (kind == "divider") h.trusted("<hr>");
  if (kind == "buttons") buttons(h, one);
  if (kind == "collapsible") {
    h.open("details").leaf("summary", text_at(one, "label"));
    blocks(h, list_at(one, "content"));
    h.close("details");
  }
  if (kind == "card") {
    h.open("section");
    blocks(h, list_at(one, "content"));
    h.close("section");
  }
}

void blocks(Html& h, const Json& list) {
  for (const auto& one : list) block(h, one);
}

void message(Html& h, const PreviewMessage& m, bool in_thread) {
  h.open("article", {{"class", in_thread ? "message reply" : "message"}, {"id", "m" + m.id}});
  auto about = to_iso(m.at).substr(0, 16);
  about.replace(10, 1, " ");
  about += " UTC";
  if (in_thread) about += " · in the thread";
  if (m.silent) about += " · without a sound";
  if (m.edits > 0) about += " · edited";
  h.leaf("p", about, {{"class", "authors"}});
  auto body = Json::parse(m.body, nullptr, false);
  if (body.is_object())
    blocks(h, list_at(body, "blocks"));
  else
    h.leaf("p", m.text);
  h.close("article").trusted("\n");
}

}  // namespace

std::string preview_page(const std::string& name, const std::vector<PreviewMessage>& messages) {
  auto page = present::begin_page("en", "preview:" + name + " · Broadsheet", "/");
  present::dateline(page, "What preview:" + name + " was sent", std::to_string(messages.size()) + " messages");
  page.open("main", {{"id", "content"}});
  page.leaf("h1", "preview:" + name, {{"class", "hidden"}});
  for (auto first = messages.rbegin(); first != messages.rend(); ++first) {
    bool under = std::any_of(messages.begin(), messages.end(), [&](const auto& m) { return m.id == first->thread; });
    if (under) continue;  // shown there
    message(page, *first, false);
    for (const auto& reply : messages)
      if (reply.thread == first->id) message(page, reply, true);
  }
  page.close("main").open("footer");
  page.leaf("p", "Nothing here was sent to anybody: a preview target keeps what would be posted.");
  present::end_page(page);
  return page.take();
}

}  // namespace broadsheet::pages
