#include "slack_payload.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

namespace broadsheet::fakes {
namespace {

using nlohmann::json;

std::size_t utf16(std::string_view s) {
  std::size_t n = 0;
  for (char c : s) {
    auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) n += byte >= 0xF0U ? 2 : 1;
  }
  return n;
}

// As the measured total counts: what is literal in rich_text and plain_text is escaped by Slack.
std::size_t escaped(std::string_view s) {
  auto n = utf16(s);
  for (char c : s) n += c == '&' ? 4 : c == '<' || c == '>' ? 3 : 0;
  return n;
}

class Checker {
 public:
  explicit Checker(const PayloadRules& rules) : rules_(rules) {}

  std::vector<std::string> message(const json& m);
  std::vector<std::string> view(const json& v);

 private:
  using Fields = std::map<std::string, std::function<void(const json&)>>;

  void fault(const std::string& what) { faults_.push_back(what); }
  void need(bool ok, const std::string& what) {
    if (!ok) fault(what);
  }
  static std::string str(const json& j, const char* key) {
    return j.is_object() && j.contains(key) && j[key].is_string() ? j[key].get<std::string>() : std::string();
  }
  void only(const json& j, const std::set<std::string>& allowed, const std::string& where) {
    for (const auto& [key, value] : j.items())
      if (key != "type" && !allowed.contains(key)) fault(where + " has an unknown property " + key);
  }
  void length(const json& j, const char* key, std::size_t most, const std::string& where) {
    if (j.contains(key)) need(utf16(str(j, key)) <= most, where + "." + key + " is too long");
  }

  void blocks(const json& list, std::size_t most);
  void block(const json& b);
  void text(const json& t, const std::string& where, std::size_t most, bool plain_only, std::size_t least = 1);
  void section(const json& b);
  void context(const json& b);
  void actions(const json& b);
  void element(const json& e);
  void options(const json& e, std::size_t most);
  void confirm(const json& c);
  void image(const json& b);
  void table(const json& b);
  void rich(const json& b);
  void rich_part(const json& part);
  void rich_inline(const json& e);
  void input(const json& b);
  void mrkdwn(const std::string& s, bool verbatim, const std::string& where);
  void literal(const std::string& s, const std::string& where);
  void metadata(const json& m);

  const PayloadRules& rules_;
  std::vector<std::string> faults_;
  std::set<std::string> block_ids_;
  std::size_t total_ = 0, markdown_ = 0, tables_ = 0, inputs_ = 0;
};

void Checker::literal(const std::string& s, const std::string& where) {
  if (!rules_.product) return;
  for (std::string_view bidi :
       {"\u202A", "\u202B", "\u202C", "\u202D", "\u202E", "\u2066", "\u2067", "\u2068", "\u2069"})
    need(s.find(bidi) == std::string::npos, where + " turns the direction of text");
  for (char c : s)
    need(static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t', where + " has a control character");
}

// Every < opens a link of ours; & is always an entity.
void Checker::mrkdwn(const std::string& s, bool verbatim, const std::string& where) {
  literal(s, where);
  if (!rules_.product) return;
  for (std::size_t i = 0; i < s.size(); ++i) {
    auto rest = std::string_view(s).substr(i);
    if (s[i] == '&')
      need(rest.starts_with("&amp;") || rest.starts_with("&lt;") || rest.starts_with("&gt;"), where + " has a bare &");
    if (s[i] != '<') continue;
    bool mention = rest.starts_with("<!") || rest.starts_with("<@") || rest.starts_with("<#");
    if (mention && !rest.starts_with("<!date^")) need(rules_.allow_mentions, where + " mentions somebody");
    if (!mention) need(rest.starts_with("<http://") || rest.starts_with("<https://"), where + " has a bare <");
    auto end = s.find('>', i);
    if (end == std::string::npos) return fault(where + " has an open <");
    i = end;
  }
  for (std::string_view name : {"@here", "@channel", "@everyone"})
    need(verbatim || s.find(name) == std::string::npos, where + " has a bare name without verbatim");
}

void Checker::text(const json& t, const std::string& where, std::size_t most, bool plain_only, std::size_t least) {
  if (!t.is_object()) return fault(where + " is no text object");
  auto type = str(t, "type"), said = str(t, "text");
  bool markup = type == "mrkdwn";
  need(type == "plain_text" || (markup && !plain_only), where + " has the wrong type of text");
  only(t, {"text", markup ? "verbatim" : "emoji"}, where);
  auto length = utf16(said);
  need(length >= least && length <= most, where + " has " + std::to_string(length) + " characters");
  total_ += markup ? length : escaped(said);
  if (markup)
    mrkdwn(said, t.value("verbatim", false), where);
  else
    literal(said, where);
}

void Checker::section(const json& b) {
  only(b, {"block_id", "text", "fields", "accessory", "expand"}, "section");
  need(b.contains("text") || b.contains("fields"), "section without text or fields");
  if (b.contains("text")) text(b["text"], "section.text", 3000, false);
  if (b.contains("fields")) {
    need(b["fields"].size() <= 10, "too many fields");
    for (const auto& f : b["fields"]) text(f, "section.field", 2000, false);
  }
  if (!b.contains("accessory")) return;
  if (!b["accessory"].is_object()) return fault("an accessory is one element");
  element(b["accessory"]);
}

void Checker::image(const json& b) {
  only(b, {"block_id", "image_url", "slack_file", "alt_text", "title"}, "image");
  need(b.contains("alt_text"), "image without alt_text");
  length(b, "alt_text", 2000, "image");
  length(b, "image_url", 3000, "image");
}

void Checker::context(const json& b) {
  only(b, {"block_id", "elements"}, "context");
  const auto& list = b.contains("elements") ? b["elements"] : json::array();
  need(!list.empty() && list.size() <= 10, "context takes 1 to 10 elements");
  for (const auto& e : list) {
    if (str(e, "type") == "image")
      image(e);
    else
      text(e, "context", 3000, false);
  }
}

void Checker::confirm(const json& c) {
  only(c, {"title", "text", "confirm", "deny", "style"}, "confirm");
  if (c.contains("title")) text(c["title"], "confirm.title", 100, true);
  if (c.contains("text")) text(c["text"], "confirm.text", 300, false);
  for (const char* key : {"confirm", "deny"})
    if (c.contains(key)) text(c[key], std::string("confirm.") + key, 30, true);
}

void Checker::options(const json& e, std::size_t most) {
  const auto& list = e.contains("options") ? e["options"] : json::array();
  need(list.size() <= most, str(e, "type") + " has too many options");
  for (const auto& o : list) {
    only(o, {"text", "value", "description", "url"}, "option");
    if (o.contains("text")) text(o["text"], "option.text", 75, false);
    length(o, "value", 150, "option");
  }
}

void Checker::element(const json& e) {
  auto type = str(e, "type");
  length(e, "action_id", 255, type);
  if (e.contains("placeholder")) text(e["placeholder"], "placeholder", 150, true);
  if (e.contains("confirm")) confirm(e["confirm"]);
  if (type == "button") {
    only(e, {"action_id", "text", "value", "url", "style", "confirm", "accessibility_label"}, "button");
    text(e.contains("text") ? e["text"] : json(), "button.text", 75, true);
    length(e, "value", 2000, type);
    length(e, "url", 3000, type);
    length(e, "accessibility_label", 75, type);
    if (e.contains("style")) need(str(e, "style") == "primary" || str(e, "style") == "danger", "unknown button style");
  } else if (type == "overflow") {
    options(e, 5);
  } else if (type == "radio_buttons" || type == "checkboxes") {
    options(e, 10);
  } else if (type.ends_with("_select")) {
    options(e, 100);
  } else {
    need(type == "plain_text_input" || type == "datepicker" || type == "timepicker", "unknown element " + type);
  }
}

void Checker::actions(const json& b) {
  only(b, {"block_id", "elements"}, "actions");
  const auto& list = b.contains("elements") ? b["elements"] : json::array();
  need(!list.empty() && list.size() <= 25, "actions takes 1 to 25 elements");
  std::set<std::string> ids;
  for (const auto& e : list) {
    element(e);
    if (auto id = str(e, "action_id"); !id.empty()) need(ids.insert(id).second, "an action_id twice");
  }
}

void Checker::table(const json& b) {
  only(b, {"block_id", "rows", "column_settings"}, "table");
  need(++tables_ == 1, "two tables");
  const auto& rows = b.contains("rows") ? b["rows"] : json::array();
  need(!rows.empty() && rows.size() <= 100, "a table has 1 to 100 rows");
  std::size_t characters = 0;
  for (const auto& row : rows) {
    need(row.size() <= 20, "a row has at most 20 cells");
    for (const auto& cell : row) {
      if (str(cell, "type") == "rich_text")
        rich(cell);
      else
        characters += utf16(str(cell, "text"));
    }
  }
  need(characters <= 10000, "a table has at most 10,000 characters");
}

void Checker::rich_inline(const json& e) {
  auto type = str(e, "type");
  bool mention = type == "user" || type == "usergroup" || type == "broadcast" || type == "channel";
  if (mention) return need(!rules_.product || rules_.allow_mentions, "rich_text mentions with " + type);
  if (type == "text" || type == "link") {
    only(e,
         type == "text" ? std::set<std::string>{"text", "style"}
                        : std::set<std::string>{"text", "style", "url", "unsafe"},
         "rich_text " + type);
    need(type == "link" || !str(e, "text").empty(), "an empty text element");
    if (type == "link")
      need(str(e, "url").starts_with("https://") || str(e, "url").starts_with("http://"), "a link to something else");
    length(e, "url", 3000, "link");
    literal(str(e, "text"), "rich_text");
    total_ += escaped(str(e, "text"));
    return;
  }
  need(type == "emoji" || type == "date" || type == "color", "unknown rich_text element " + type);
}

void Checker::rich_part(const json& part) {
  auto type = str(part, "type");
  bool known = type == "rich_text_section" || type == "rich_text_list" || type == "rich_text_quote" ||
               type == "rich_text_preformatted";
  if (!known) return fault("unknown rich_text part " + type);
  only(part, {"elements", "style", "indent", "offset", "border"}, type);
  if (!part.contains("elements") || !part["elements"].is_array()) return fault(type + " without elements");
  for (const auto& e : part["elements"]) {
    if (type == "rich_text_list") {
      need(str(e, "type") == "rich_text_section", "a list holds sections");
      rich_part(e);
    } else {
      rich_inline(e);
    }
  }
}

void Checker::rich(const json& b) {
  only(b, {"block_id", "elements"}, "rich_text");
  if (!b.contains("elements") || !b["elements"].is_array() || b["elements"].empty())
    return fault("rich_text without elements");
  for (const auto& part : b["elements"]) rich_part(part);
}

void Checker::input(const json& b) {
  only(b, {"block_id", "label", "element", "optional", "hint", "dispatch_action"}, "input");
  ++inputs_;
  text(b.contains("label") ? b["label"] : json(), "input.label", 2000, true);
  if (b.contains("element")) element(b["element"]);
}

void Checker::block(const json& b) {
  if (!b.is_object()) return fault("a block is an object");
  auto type = str(b, "type");
  length(b, "block_id", 255, type);
  if (auto id = str(b, "block_id"); !id.empty()) need(block_ids_.insert(id).second, "a block_id twice");
  if (type == "divider") return only(b, {"block_id"}, type);
  if (type == "section") return section(b);
  if (type == "context") return context(b);
  if (type == "actions") return actions(b);
  if (type == "image") return image(b);
  if (type == "table") return table(b);
  if (type == "rich_text") return rich(b);
  if (type == "input") return input(b);
  if (type == "header") {
    only(b, {"block_id", "text"}, type);
    total_ += 100;
    return text(b.contains("text") ? b["text"] : json(), "header", 150, true);
  }
  if (type == "markdown") {
    need(!rules_.view, "no markdown block in views");
    markdown_ += utf16(str(b, "text"));
    return need(markdown_ <= 12000, "too much markdown");
  }
  fault("unknown block " + type);
}

void Checker::blocks(const json& list, std::size_t most) {
  if (!list.is_array()) return fault("blocks is a list");
  need(list.size() <= most, "too many blocks");
  for (const auto& b : list) block(b);
  need(total_ <= 13200, "msg_blocks_too_long: " + std::to_string(total_));
}

void Checker::metadata(const json& m) {
  need(m.is_object() && !str(m, "event_type").empty() && m.contains("event_payload") && m["event_payload"].is_object(),
       "metadata needs event_type and event_payload");
  need(m.dump().size() <= 4000, "metadata_too_large");
}

std::vector<std::string> Checker::message(const json& m) {
  static const std::set<std::string> kArguments = {
      "channel",   "text",          "blocks",           "attachments",    "markdown_text", "metadata",
      "thread_ts", "unfurl_links",  "reply_broadcast",  "unfurl_media",   "parse",         "link_names",
      "mrkdwn",    "username",      "icon_emoji",       "icon_url",       "post_at",       "ts",
      "user",      "response_type", "replace_original", "delete_original"};
  only(m, kArguments, "message");
  auto said = str(m, "text");
  bool content = !said.empty() || m.contains("blocks") || m.contains("markdown_text") || m.contains("attachments");
  need(content, "no_text");
  need(utf16(said) <= 40000, "text is too long");
  need(utf16(str(m, "markdown_text")) <= 12000, "markdown_text is too long");
  need(!m.contains("markdown_text") || (said.empty() && !m.contains("blocks")), "markdown_text_conflict");
  if (m.contains("blocks")) blocks(m["blocks"], 50);
  if (m.contains("metadata")) {
    metadata(m["metadata"]);
    need(!m.contains("post_at"), "scheduled messages with metadata never post");
  }
  auto thread = str(m, "thread_ts");
  if (m.contains("thread_ts")) need(thread.find('.') != std::string::npos, "thread_ts is no timestamp");
  if (m.contains("reply_broadcast")) need(!thread.empty(), "reply_broadcast without a thread");
  if (!rules_.product) return faults_;
  need(!said.empty() || m.contains("markdown_text"), "no fallback text");
  if (!said.empty()) mrkdwn(said, true, "text");
  need(!str(m, "channel").starts_with('#'), "a channel name instead of an id");
  need(!m.value("link_names", false), "link_names");
  bool posted = m.contains("channel") && !m.contains("ts") && !m.contains("user");
  if (posted) need(!m.value("unfurl_links", true) && !m.value("unfurl_media", true), "unfurls are not off");
  return faults_;
}

std::vector<std::string> Checker::view(const json& v) {
  only(v,
       {"callback_id", "title", "submit", "close", "blocks", "private_metadata", "external_id", "notify_on_close",
        "clear_on_close"},
       "view");
  for (const char* key : {"title", "submit", "close"})
    if (v.contains(key)) text(v[key], key, 24, true);
  length(v, "callback_id", 255, "view");
  length(v, "private_metadata", 3000, "view");
  if (v.contains("blocks")) blocks(v["blocks"], 100);
  need(inputs_ == 0 || v.contains("submit"), "an input without submit");
  return faults_;
}

}  // namespace

std::vector<std::string> check_payload(const json& payload, const PayloadRules& rules) {
  Checker checker(rules);
  return rules.view ? checker.view(payload) : checker.message(payload);
}

}  // namespace broadsheet::fakes
