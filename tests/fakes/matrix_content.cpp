#include "tests/fakes/matrix_content.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

namespace broadsheet::fakes {
namespace {

using Json = nlohmann::json;
using Attributes = std::map<std::string, std::string>;

const std::set<std::string> kTags = {
    "del",   "h1", "h2", "h3", "h4",      "h5",  "h6",   "blockquote", "p",       "a",       "ul",    "ol",    "sup",
    "sub",   "li", "b",  "i",  "u",       "em",  "s",    "code",       "hr",      "br",      "div",   "table", "thead",
    "tbody", "tr", "th", "td", "caption", "pre", "span", "img",        "details", "summary", "strong"};
const std::set<std::string> kVoid = {"br", "hr", "img"};
const std::set<std::string> kBlocks = {"h1", "h2", "h3",  "h4",    "h5",  "h6", "blockquote", "p",
                                       "ul", "ol", "div", "table", "pre", "hr", "details"};
const std::map<std::string, std::set<std::string>> kAttributes = {
    {"span", {"data-mx-bg-color", "data-mx-color", "data-mx-spoiler", "data-mx-maths"}},
    {"a", {"target", "href"}},
    {"img", {"width", "height", "alt", "title", "src"}},
    {"ol", {"start"}},
    {"code", {"class"}},
    {"div", {"data-mx-maths"}}};

std::string decoded(std::string text) {
  static const std::array<std::pair<const char*, const char*>, 5> kNamed = {
      {{"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&amp;", "&"}}};
  for (const auto& [from, to] : kNamed)
    for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + 1))
      text.replace(at, std::string(from).size(), to);
  return text;
}

// Reads HTML as strictly as it may be written: no recovery at all.
class Reader {
 public:
  Reader(std::string_view html, bool paper_safe) : rest_(html), paper_safe_(paper_safe) {}
  std::set<std::string> faults;
  std::vector<std::string> links;

  void run() {
    while (!rest_.empty()) {
      if (rest_.front() == '<')
        tag();
      else
        text();
    }
    if (!open_.empty()) faults.insert("html.balance");
    if (deepest_ > 10) faults.insert("html.depth");
  }

 private:
  void text() {
    auto end = std::min(rest_.find('<'), rest_.size());
    auto piece = rest_.substr(0, end);
    rest_.remove_prefix(end);
    if (piece.find('>') != std::string_view::npos) faults.insert("html.parse");
    entities(piece);
    if (!piece.empty()) filled_ = true;
  }
  void entities(std::string_view piece) {
    for (auto at = piece.find('&'); at != std::string_view::npos; at = piece.find('&', at + 1)) {
      auto end = piece.find(';', at);
      auto name = end == std::string_view::npos ? std::string_view() : piece.substr(at + 1, end - at - 1);
      bool named = name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "nbsp";
      bool number = name.size() > 1 && name.size() < 9 && name.front() == '#';
      if (!named && !number) faults.insert("html.entity");
    }
  }
  void tag() {
    if (rest_.starts_with("<!--")) {
      faults.insert("html.comment");
      auto end = rest_.find("-->");
      rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 3);
      return;
    }
    auto end = rest_.find('>');
    if (end == std::string_view::npos || end < 2 || (rest_[1] != '/' && (rest_[1] < 'a' || rest_[1] > 'z'))) {
      faults.insert("html.parse");
      rest_.remove_prefix(1);
      return;
    }
    auto inside = std::string(rest_.substr(1, end - 1));
    rest_.remove_prefix(end + 1);
    if (inside.front() == '/') {
      close(inside.substr(1));
      return;
    }
    if (inside.ends_with('/')) inside.pop_back();
    auto space = inside.find(' ');
    auto name = inside.substr(0, space);
    open(name, attributes(space == std::string::npos ? std::string() : inside.substr(space + 1)));
  }
  Attributes attributes(std::string_view s) {
    Attributes out;
    while (!s.empty()) {
      auto equals = s.find("=\"");
      if (equals == std::string_view::npos) {
        out[std::string(s)] = "";
        break;
      }
      auto end = s.find('"', equals + 2);
      if (end == std::string_view::npos) {
        faults.insert("html.parse");
        break;
      }
      auto value = s.substr(equals + 2, end - equals - 2);
      entities(value);
      out[std::string(s.substr(0, equals))] = decoded(std::string(value));
      s.remove_prefix(end + 1);
      while (s.starts_with(' ')) s.remove_prefix(1);
    }
    return out;
  }
  void open(const std::string& name, const Attributes& attributes) {
    if (name == "mx-reply") faults.insert("html.mx_reply");
    if (!kTags.contains(name)) faults.insert("html.tag");
    auto allowed = kAttributes.find(name);
    for (const auto& [key, value] : attributes) {
      if (allowed == kAttributes.end() || !allowed->second.contains(key)) faults.insert("html.attr");
      check(name, key, value);
    }
    bool in_p = std::find(open_.begin(), open_.end(), "p") != open_.end();
    bool in_a = std::find(open_.begin(), open_.end(), "a") != open_.end();
    if ((in_p && kBlocks.contains(name)) || (in_a && name == "a")) faults.insert("html.mutation");
    maths_ = attributes.contains("data-mx-maths");
    filled_ = false;
    if (kVoid.contains(name)) return;
    open_.push_back(name);
    deepest_ = std::max(deepest_, open_.size());
  }
  void close(const std::string& name) {
    if (maths_ && !filled_ && (name == "span" || name == "div")) faults.insert("html.maths");
    maths_ = false;
    if (open_.empty() || open_.back() != name) {
      faults.insert("html.balance");
      return;
    }
    open_.pop_back();
  }
  void check(const std::string& tag, const std::string& key, const std::string& value) {
    if (key == "href") href(value);
    if (key == "src" && (!value.starts_with("mxc://") || value.find("..") != std::string::npos))
      faults.insert("html.img_src");
    if (tag == "code" && key == "class" && !value.starts_with("language-")) faults.insert("html.code_class");
    if ((key == "data-mx-color" || key == "data-mx-bg-color") && (value.size() != 7 || value[0] != '#'))
      faults.insert("html.color");
    if (key == "start" && !std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }))
      faults.insert("html.ol_start");
    if (key == "data-mx-maths")
      for (const char* bad : {"\\def", "\\newcommand", "\\href", "\\input", "\\let", "\\html", "\\url"})
        if (value.find(bad) != std::string::npos) faults.insert("html.maths_unsafe");
  }
  void href(const std::string& url) {
    links.push_back(url);
    auto colon = url.find(':');
    auto scheme = url.substr(0, colon);
    if (colon == std::string::npos || url.front() == '/') {
      faults.insert("html.href_relative");
      return;
    }
    static const std::set<std::string> kSchemes = {"https", "http", "ftp", "mailto", "magnet"};
    if (!kSchemes.contains(scheme)) faults.insert("html.href_scheme");
    if (url.find_first_of(" \"<>\n\t") != std::string::npos) faults.insert("html.href_chars");
    bool person = url.find("matrix.to") != std::string::npos || url.find("#/@") != std::string::npos ||
                  url.find("#/!") != std::string::npos || url.find("#/%23") != std::string::npos;
    if (paper_safe_ && person) faults.insert("mentions.pill");
  }

  std::string_view rest_;
  bool paper_safe_;
  std::vector<std::string> open_;
  std::size_t deepest_ = 0;
  bool maths_ = false, filled_ = false;
};

bool id_like(const Json& j) {
  return j.is_string() && j.get<std::string>().starts_with('$');
}

void check_numbers(const Json& j, std::set<std::string>& out) {
  if (j.is_number_float()) out.insert("num.float");
  if (j.is_number_unsigned() && j.get<std::uint64_t>() > 9007199254740991U) out.insert("num.range");
  if (j.is_string())
    for (unsigned char c : j.get_ref<const std::string&>())
      if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7f) out.insert("text.control");
  if (j.is_structured())
    for (const auto& item : j) check_numbers(item, out);
}

void check_mentions(const Json& c, std::set<std::string>& out, bool paper_safe) {
  if (!c.contains("m.mentions")) {
    out.insert("mentions.absent");
    if (c.value("body", Json()).is_string() && c["body"].get<std::string>().find("@room") != std::string::npos)
      out.insert("text.at_room");
    return;
  }
  const auto& m = c["m.mentions"];
  if (!m.is_object() || (m.contains("user_ids") && !m["user_ids"].is_array())) {
    out.insert("schema.mentions");
    return;
  }
  if (paper_safe && !m.empty()) out.insert("mentions.somebody");
  if (m.contains("user_ids"))
    for (const auto& id : m["user_ids"])
      if (!id.is_string() || !id.get<std::string>().starts_with('@')) out.insert("mentions.user_id");
}

void check_edit(const Json& c, const Json& relation, std::set<std::string>& out) {
  if (relation.contains("m.in_reply_to")) out.insert("rel.replace_reply");
  if (!c.contains("m.new_content")) {
    out.insert("rel.replace_content");
    return;
  }
  if (c.contains("formatted_body") && !c["m.new_content"].contains("formatted_body")) out.insert("rel.replace_drop");
}

void check_relation(const Json& c, std::set<std::string>& out) {
  if (!c.contains("m.relates_to")) {
    if (c.contains("m.new_content")) out.insert("rel.new_content");
    return;
  }
  const auto& r = c["m.relates_to"];
  if (!r.is_object() || (r.contains("rel_type") && !id_like(r.value("event_id", Json())))) {
    out.insert("rel.shape");
    return;
  }
  auto type = r.value("rel_type", std::string());
  if (type == "m.replace") check_edit(c, r, out);
  if (type == "m.annotation") out.insert("rel.annotation");
  if (type == "m.thread" && r.value("is_falling_back", false) && !r.contains("m.in_reply_to"))
    out.insert("rel.falling_back");
  if (type != "m.replace" && c.contains("m.new_content")) out.insert("rel.new_content");
  if (r.contains("m.in_reply_to") && !id_like(r["m.in_reply_to"].value("event_id", Json())))
    out.insert("rel.in_reply_to");
}

void check_format(const Json& c, std::set<std::string>& out, bool paper_safe) {
  if (c.contains("format") != c.contains("formatted_body")) {
    out.insert("fmt.pair");
    return;
  }
  if (!c.contains("format")) return;
  if (c["format"] != "org.matrix.custom.html") {
    out.insert("fmt.unknown");
    return;
  }
  auto html = c["formatted_body"].is_string() ? c["formatted_body"].get<std::string>() : std::string();
  if (c.contains("m.new_content") && html.starts_with("* ")) html = html.substr(2);
  Reader reader(html, paper_safe);
  reader.run();
  out.insert(reader.faults.begin(), reader.faults.end());
}

}  // namespace

std::vector<std::string> reaction_faults(std::string_view content) {
  auto c = Json::parse(content, nullptr, false);
  if (!c.is_object()) return {"schema.json"};
  if (c.size() != 1 || !c.contains("m.relates_to")) return {"reaction.content"};
  const auto& r = c["m.relates_to"];
  auto text = [&r](const char* name) { return r.is_object() ? r.value(name, Json()) : Json(); };
  auto key = text("key");
  bool named = key.is_string() && !key.get<std::string>().empty();
  if (text("rel_type") != "m.annotation" || !id_like(text("event_id")) || !named) return {"reaction.shape"};
  return {};
}

std::vector<std::string> content_faults(std::string_view content, bool paper_safe) {
  std::set<std::string> out;
  auto c = Json::parse(content, nullptr, false);
  if (!c.is_object()) return {"schema.json"};
  if (content.size() > 64886) out.insert("size.event");
  check_numbers(c, out);
  auto body = c.value("body", Json()), msgtype = c.value("msgtype", Json());
  if (!body.is_string() || !msgtype.is_string()) {
    out.insert("schema.event");
  } else {
    if (body.get<std::string>().find_first_not_of(" \n\t") == std::string::npos) out.insert("body.empty");
    if ((msgtype == "m.image" || msgtype == "m.file") && !c.contains("url")) out.insert("media.source");
  }
  check_mentions(c, out, paper_safe);
  check_relation(c, out);
  check_format(c, out, paper_safe);
  return {out.begin(), out.end()};
}

std::vector<std::string> links_in(std::string_view html) {
  Reader reader(html, false);
  reader.run();
  return reader.links;
}

}  // namespace broadsheet::fakes
