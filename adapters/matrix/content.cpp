#include "adapters/matrix/content.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "adapters/common/choices.hpp"
#include "adapters/common/fit.hpp"
#include "adapters/matrix/markup.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::matrix {
namespace {

using adapters::Part;
using adapters::RenderOptions;
using model::OutgoingMessage;
using model::PartKind;
using model::ThreadPolicy;

// Key, relation and the rest of what send() adds, measured generously: ids have 255 bytes at most.
constexpr std::size_t kAddedBySend = 700;
constexpr std::size_t kPapersInOneMessage = 5;

Json controls_json(const doc::Document& document) {
  Json out = Json::array();
  for (const auto& button : controls_of(document))
    out.push_back({{"action", static_cast<int>(button.action)},
                   {"label", clean_line(button.label)},
                   {"paper", button.paper.str()},
                   {"about", clean_line(button.subject)}});
  return out;
}

doc::Document joined(const std::vector<Part>& parts) {
  doc::Document out;
  for (const auto& part : parts) {
    if (!out.blocks.empty() && part.kind == PartKind::card) out.blocks.emplace_back(doc::Divider{});
    out.blocks.insert(out.blocks.end(), part.document.blocks.begin(), part.document.blocks.end());
  }
  return out;
}

// A body is never blank (contracts: Matrix 6), so there is no message of it.
bool is_blank(const doc::Document& document) {
  return text::trim(to_body(document)).empty();
}

std::size_t text_bytes(const doc::Inlines& inlines) {
  std::size_t out = 0;
  for (const auto& one : inlines)
    if (const auto* text = std::get_if<doc::Text>(&one)) out += text->text.size();
  return out;
}

// Of ordinary text; what else there is counts for nothing here.
std::size_t text_bytes(const doc::Blocks& blocks) {
  std::size_t out = 0;
  for (const auto& block : blocks) {
    if (const auto* paragraph = std::get_if<doc::Paragraph>(&block)) out += text_bytes(paragraph->text);
    if (const auto* card = std::get_if<doc::CardBlock>(&block)) out += text_bytes(card->content);
    if (const auto* folded = std::get_if<doc::Collapsible>(&block)) out += text_bytes(folded->content);
    if (const auto* list = std::get_if<doc::ListBlock>(&block))
      for (const auto& item : list->items) out += text_bytes(item);
  }
  return out;
}

class Renderer {
 public:
  Renderer(const RenderOptions& options, const RenderRules& rules) : options_(options), rules_(rules) {}

  std::vector<OutgoingMessage> run(const std::vector<Part>& given) const {
    std::vector<OutgoingMessage> out;
    std::vector<Part> parts;
    for (const auto& part : given)
      if (!is_blank(part.document)) parts.push_back(part);
    if (parts.empty()) return out;
    if (options_.combine && parts.size() > 1 && parts.size() <= kCardsToGather && fits(joined(offered(parts, true)))) {
      out.push_back(one(offered(parts, true)));
      return out;
    }
    auto cards = std::count_if(parts.begin(), parts.end(), [](const Part& p) { return p.kind == PartKind::card; });
    std::size_t most = static_cast<std::size_t>(cards) >= kCardsToGather ? kPapersInOneMessage : 1;
    std::vector<Part> fitted;
    for (const auto& part : parts) {
      auto choices = [&](const Part& piece) { return adapters::with_choices(piece, options_, most > 1); };
      auto good = [&](const doc::Document& d) { return fits(choices({part.kind, d, part.paper}).document); };
      for (const auto& piece : adapters::come_apart(part, good)) fitted.push_back(choices(piece));
    }
    auto together = [this, most](const std::vector<Part>& group) {
      if (group.size() == 1) return true;
      auto all = [&group](PartKind kind) {
        return std::all_of(group.begin(), group.end(), [kind](const Part& p) { return p.kind == kind; });
      };
      bool alike = all(PartKind::reply) || (all(PartKind::card) && group.size() <= most);
      return alike && fits(joined(group));
    };
    for (const auto& group : adapters::pack(fitted, together)) out.push_back(one(group));
    return out;
  }

 private:
  // Where several papers share a message each has one choice: there are nine keys, and every paper's details lead on.
  std::vector<Part> offered(const std::vector<Part>& parts, bool brief) const {
    std::vector<Part> out;
    for (const auto& part : parts) out.push_back(adapters::with_choices(part, options_, brief));
    return out;
  }
  Json content(const doc::Document& document, bool notify) const {
    auto out = message(notify, to_body(document), to_html(document, {.native_maths = options_.native_maths}));
    if (auto controls = controls_json(document); !controls.empty()) out[kControlsKey] = std::move(controls);
    return out;
  }
  bool fits(const doc::Document& document) const {
    // Every text stands in the body and in the HTML: a quick answer for papers of absurd length.
    if (text_bytes(document.blocks) > kContentCap || more_than_keys(document)) return false;
    return dump(content(document, true)).size() + kAddedBySend <= kContentCap;
  }
  OutgoingMessage one(const std::vector<Part>& group) const {
    auto document = joined(group);
    PartKind kind = group.front().kind;
    bool notify = kind == PartKind::summary && rules_.notify_root && !options_.silent;
    auto json = content(document, notify);
    return {kind, kind == PartKind::card && options_.thread != ThreadPolicy::off, dump(json),
            json["body"].get<std::string>()};
  }

  const RenderOptions& options_;
  const RenderRules& rules_;
};

std::string base64url(const unsigned char* bytes, std::size_t size) {
  static constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  std::string out;
  for (std::size_t i = 0; i < size; i += 3) {
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) word = word << 8U | (i + k < size ? bytes[i + k] : 0U);
    for (std::size_t k = 0; k < 4; ++k) out += kAlphabet[word >> (18U - 6U * k) & 63U];
  }
  return out;
}

}  // namespace

Json message(bool notify, std::string_view body, std::string_view html) {
  Json out{{"msgtype", notify ? "m.text" : "m.notice"}, {"body", body}, {"m.mentions", Json::object()}};
  if (!html.empty()) {
    out["format"] = "org.matrix.custom.html";
    out["formatted_body"] = html;
  }
  return out;
}

void in_thread(Json& content, const std::string& root, const std::string& latest) {
  content["m.relates_to"] = {{"rel_type", "m.thread"},
                             {"event_id", root},
                             {"is_falling_back", true},
                             {"m.in_reply_to", {{"event_id", latest.empty() ? root : latest}}}};
}

void reply_in_thread(Json& content, const std::string& root, const std::string& answered) {
  in_thread(content, root, answered);
  content["m.relates_to"]["is_falling_back"] = false;
}

void reply_to(Json& content, const std::string& answered) {
  content["m.relates_to"] = {{"m.in_reply_to", {{"event_id", answered}}}};
}

Json edit_of(const std::string& original, const Json& content) {
  Json out = content;
  out["body"] = "* " + text_at(content, {"body"});
  if (content.contains("formatted_body")) out["formatted_body"] = "* " + text_at(content, {"formatted_body"});
  out["m.new_content"] = content;
  out["m.new_content"].erase("m.relates_to");
  out["m.mentions"] = Json::object();  // nobody is newly mentioned
  out["m.relates_to"] = {{"rel_type", "m.replace"}, {"event_id", original}};
  return out;
}

Json reaction(const std::string& target, std::string_view key) {
  // Emoji that also have a text form carry U+FE0F: those of the symbol block below U+3000.
  std::string full(key);
  if (full == "\xe2\x9d\xa4") full += "\xef\xb8\x8f";
  return {{"m.relates_to", {{"rel_type", "m.annotation"}, {"event_id", target}, {"key", full}}}};
}

void sign_delivery(Json& content, const std::string& key) {
  content[kDeliveryKey] = {{"key", key}};
}

std::string bare_key(std::string_view key) {
  std::string out;
  for (std::size_t i = 0; i < key.size();) {
    if (key.substr(i, 3) == "\xef\xb8\x8f") {
      i += 3;
    } else if (key.substr(i, 3) == "\xf0\x9f\x8f" && i + 3 < key.size() && key[i + 3] >= '\xbb' &&
               key[i + 3] <= '\xbf') {
      i += 4;  // U+1F3FB-1F3FF
    } else {
      out += key[i++];
    }
  }
  return out;
}

std::vector<OutgoingMessage> render(const std::vector<Part>& parts, const RenderOptions& options,
                                    const RenderRules& rules) {
  return Renderer(options, rules).run(parts);
}

std::string transaction_id(const TransactionName& n) {
  std::string name = "matrix-txn";
  for (const auto& part : {std::string("1"), n.user, n.device, n.room, n.type, n.delivery, std::to_string(n.part),
                           std::to_string(n.revision)})
    name += "\x1f" + part;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  EVP_Digest(name.data(), name.size(), digest.data(), &size, EVP_sha256(), nullptr);
  return "a1." + base64url(digest.data(), size).substr(0, 27);
}

}  // namespace broadsheet::matrix
