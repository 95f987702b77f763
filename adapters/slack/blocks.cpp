#include "adapters/slack/blocks.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "adapters/common/choices.hpp"
#include "adapters/common/fit.hpp"
#include "adapters/slack/json.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::slack {
namespace {

using adapters::Part;
using model::OutgoingMessage;
using model::PartKind;
using nlohmann::json;

constexpr std::size_t kHeaderUnits = 150, kButtonUnits = 75, kNoteUnits = 2000, kUrlBytes = 3000;
constexpr std::size_t kShownButtons = 4, kOverflowOptions = 5;  // never more than two rows (spec: commands 5)
constexpr std::size_t kRichUnits = 3000;                        // a rich_text block is closed when it has grown so long

constexpr std::array<std::string_view, 9> kActions = {"all_titles", "details", "similar", "bibtex", "save",
                                                      "share",      "retry",   "pdf",     "open"};

std::string_view shown(const doc::Inline& part) {
  if (const auto* t = std::get_if<doc::Text>(&part)) return t->text;
  if (const auto* l = std::get_if<doc::Link>(&part)) return l->text;
  return std::get<doc::Math>(part).display;
}

std::string plain(const doc::Inlines& inlines) {
  std::string out;
  for (const auto& part : inlines) out += shown(part);
  return out;
}

bool has_link(const doc::Inlines& inlines) {
  return std::any_of(inlines.begin(), inlines.end(),
                     [](const auto& part) { return std::holds_alternative<doc::Link>(part); });
}

// Blocks, what counts of them, and the same for the ear.
struct Built {
  json blocks;
  std::size_t units = 0;
  std::string said;  // cleaned, not escaped
};

// Collects blocks; neighbours that are rich text share one block.
class Builder {
 public:
  void add(const doc::Blocks& blocks) {
    for (const auto& block : blocks) std::visit([this](const auto& b) { one(b); }, block);
  }
  Built finish();

 private:
  void one(const doc::Heading& b);
  void one(const doc::Paragraph& b) { section(b.text, false); }
  void one(const doc::ListBlock& b);
  void one(const doc::Quote& b) { rich("rich_text_quote", inlines(b.text, false), plain(b.text)); }
  void one(const doc::CodeBlock& b);
  void one(const doc::Divider&) { block({{"type", "divider"}}); }
  void one(const doc::Note& b);
  void one(const doc::Buttons& b);
  void one(const doc::Collapsible& b);
  void one(const doc::CardBlock& b) {
    add(b.content);
    flush();
  }

  json literal(std::string_view text, bool bold, doc::Emphasis style);
  json inlines(const doc::Inlines& parts, bool bold);
  void section(const doc::Inlines& text, bool bold) { rich("rich_text_section", inlines(text, bold), plain(text)); }
  void rich(std::string_view type, json elements, std::string_view said);
  json plain_text(std::string_view text, std::size_t limit);
  void block(json b) {
    flush();
    blocks_.push_back(std::move(b));
  }
  void flush() {
    if (!rich_.empty()) blocks_.push_back({{"type", "rich_text"}, {"elements", std::move(rich_)}});
    rich_ = json::array();
    rich_began_ = units_;
  }
  void say(std::string_view line) {
    auto said = text::trim(line);
    if (!said.empty()) fallback_ += (fallback_.empty() ? "" : "\n") + std::string(said);
  }

  json blocks_ = json::array(), rich_ = json::array();
  std::size_t units_ = 0, rich_began_ = 0;
  std::string fallback_;  // cleaned, not escaped
};

json Builder::literal(std::string_view text, bool bold, doc::Emphasis style) {
  auto cleaned = clean(text);
  units_ += escaped_units(cleaned);
  json element = {{"type", "text"}, {"text", std::move(cleaned)}};
  json flags = json::object();
  if (bold || style == doc::Emphasis::strong) flags["bold"] = true;
  if (style == doc::Emphasis::emphasis) flags["italic"] = true;
  if (style == doc::Emphasis::code) flags["code"] = true;
  if (!flags.empty()) element["style"] = std::move(flags);
  return element;
}

json Builder::inlines(const doc::Inlines& parts, bool bold) {
  json out = json::array();
  for (const auto& part : parts) {
    const auto* text = std::get_if<doc::Text>(&part);
    auto element = literal(shown(part), bold, text == nullptr ? doc::Emphasis::none : text->style);
    const auto* linked = std::get_if<doc::Link>(&part);
    auto address = linked == nullptr ? std::string() : link_address(linked->url);
    if (!address.empty() && address.size() <= kUrlBytes) {
      element["type"] = "link";
      units_ += escaped_units(address);
      element["url"] = std::move(address);
    }
    // Slack refuses empty elements; a link without a label shows its address.
    if (element["text"].get_ref<const std::string&>().empty()) {
      if (element["type"] == "text") continue;
      element.erase("text");
    }
    out.push_back(std::move(element));
  }
  return out;
}

void Builder::rich(std::string_view type, json elements, std::string_view said) {
  if (elements.empty()) return;
  rich_.push_back({{"type", type}, {"elements", std::move(elements)}});
  say(clean(said));
  if (units_ - rich_began_ > kRichUnits) flush();
}

json Builder::plain_text(std::string_view text, std::size_t limit) {
  auto cut = clean_to(text, limit);
  units_ += escaped_units(cut);
  // Without emoji: false ":smile:" in a title turns into a picture.
  return {{"type", "plain_text"}, {"text", std::move(cut)}, {"emoji", false}};
}

void Builder::one(const doc::Heading& b) {
  auto title = text::collapse_space(clean(plain(b.text)));
  if (b.level > 1 || has_link(b.text) || escaped_units(title) > kHeaderUnits) return section(b.text, true);
  if (title.empty()) return;
  units_ += kHeaderCost;
  block({{"type", "header"}, {"text", plain_text(title, kHeaderUnits)}});
  say(title);
}

void Builder::one(const doc::ListBlock& b) {
  json items = json::array();
  std::string said;
  for (std::size_t i = 0; i < b.items.size(); ++i) {
    auto elements = inlines(b.items[i], false);
    if (elements.empty()) continue;
    items.push_back({{"type", "rich_text_section"}, {"elements", std::move(elements)}});
    said += (said.empty() ? "" : "\n") +
            (b.numbered ? std::to_string(b.first + items.size() - 1) + ". " : std::string("• ")) +
            text::collapse_space(clean(plain(b.items[i])));
  }
  if (items.empty()) return;
  json list = {
      {"type", "rich_text_list"}, {"style", b.numbered ? "ordered" : "bullet"}, {"elements", std::move(items)}};
  if (b.numbered && b.first != 1) list["offset"] = b.first - 1;
  rich_.push_back(std::move(list));
  say(said);
  if (units_ - rich_began_ > kRichUnits) flush();
}

void Builder::one(const doc::CodeBlock& b) {
  json elements = json::array();
  if (!clean(b.text).empty()) elements.push_back(literal(b.text, false, doc::Emphasis::none));
  rich("rich_text_preformatted", std::move(elements), b.text);
}

// Small print without links is a context block; mrkdwn would be needed for links there, and it has no escape for * _ ~.
void Builder::one(const doc::Note& b) {
  auto note = clean(plain(b.text));
  if (text::trim(note).empty()) return;
  if (has_link(b.text) || escaped_units(note) > kNoteUnits) return section(b.text, false);
  block({{"type", "context"}, {"elements", json::array({plain_text(note, kNoteUnits)})}});
  say(note);
}

void Builder::one(const doc::Buttons& b) {
  json elements = json::array(), rest = json::array();
  for (std::size_t i = 0; i < b.buttons.size() && rest.size() < kOverflowOptions; ++i) {
    const auto& button = b.buttons[i];
    auto label = clean_to(text::collapse_space(button.label), kButtonUnits);
    if (label.empty()) continue;
    json text = plain_text(label, kButtonUnits);
    auto address = link_address(button.url);
    if (elements.size() >= kShownButtons) {
      rest.push_back({{"text", std::move(text)}, {"value", button_value(button)}});
      if (!address.empty() && address.size() <= kUrlBytes) rest.back()["url"] = address;
      continue;
    }
    json element = {{"type", "button"},
                    {"action_id", "b" + std::to_string(i)},
                    {"text", std::move(text)},
                    {"value", button_value(button)}};
    if (!address.empty() && address.size() <= kUrlBytes) element["url"] = address;
    elements.push_back(std::move(element));
  }
  if (!rest.empty()) elements.push_back({{"type", "overflow"}, {"action_id", "more"}, {"options", std::move(rest)}});
  if (!elements.empty()) block({{"type", "actions"}, {"elements", std::move(elements)}});
}

void Builder::one(const doc::Collapsible& b) {
  section({doc::Text{b.label, doc::Emphasis::strong}}, false);
  add(b.content);
}

Built Builder::finish() {
  flush();
  if (fallback_.empty()) fallback_ = "arXiv digest";
  return {std::move(blocks_), units_, std::move(fallback_)};
}

Built build(const doc::Document& document) {
  Builder builder;
  builder.add(document.blocks);
  return builder.finish();
}

bool fits(const doc::Document& document) {
  auto built = build(document);
  return built.blocks.size() <= kMaxBlocks && built.units <= kTextBudget;
}

bool can_be_read_out(const doc::Document& document) {
  return escape(build(document).said).size() <= kFallbackBytes;
}

// Screen readers and notifications have `text` alone: what does not fit there is shortened by rank, so that each paper
// keeps its title and its sentence (contracts: Slack 9). A single one of absurd length is cut.
std::string read_out(const doc::Document& document, const std::string& said) {
  auto escaped = escape(said);
  if (escaped.size() <= kFallbackBytes) return escaped;
  auto shorter = escape(build(adapters::fit(document, can_be_read_out)).said);
  if (shorter.size() <= kFallbackBytes) return shorter;
  return escape_to(said, kFallbackBytes / 3);  // a unit is at most three bytes of UTF-8
}

OutgoingMessage message(const std::vector<Part>& group, bool in_thread) {
  auto rendered = render_document(join(group));
  return {group.front().kind, in_thread, std::move(rendered.body), std::move(rendered.fallback)};
}

// What is packed together has to be named in `text` too.
bool fits_together(const std::vector<Part>& group) {
  auto document = join(group);
  return fits(document) && can_be_read_out(adapters::essence(document));
}

}  // namespace

Rendered render_document(const doc::Document& document) {
  auto built = build(document);
  Rendered out;
  out.blocks = built.blocks.size();
  out.units = built.units;
  json body = {{"text", read_out(document, built.said)}};
  if (!built.blocks.empty()) body["blocks"] = std::move(built.blocks);
  out.body = dump(body);
  out.fallback = std::move(built.said);
  return out;
}

doc::Document join(const std::vector<Part>& parts) {
  doc::Document out;
  for (const auto& part : parts) {
    if (!out.blocks.empty()) out.blocks.emplace_back(doc::Divider{});
    out.blocks.insert(out.blocks.end(), part.document.blocks.begin(), part.document.blocks.end());
  }
  return out;
}

std::vector<OutgoingMessage> render(const std::vector<Part>& parts, const adapters::RenderOptions& options) {
  std::vector<Part> fitted;
  for (const auto& part : parts) {
    if (build(part.document).blocks.empty()) continue;  // nothing to say
    auto offered = [&](Part piece) { return adapters::with_choices(std::move(piece), options); };
    auto fits_with_choices = [&](const doc::Document& d) { return fits(offered({part.kind, d, part.paper}).document); };
    for (auto& piece : adapters::come_apart(part, fits_with_choices)) fitted.push_back(offered(std::move(piece)));
  }
  std::vector<OutgoingMessage> out;
  if (fitted.empty()) return out;
  if (options.combine && fits_together(fitted)) {
    out.push_back(message(fitted, false));
    return out;
  }
  bool parent = fitted.front().kind == PartKind::summary;
  if (parent) {
    out.push_back(message({fitted.front()}, false));
    fitted.erase(fitted.begin());
  }
  bool threaded = parent && options.thread != model::ThreadPolicy::off;
  for (const auto& group : adapters::pack(fitted, fits_together)) out.push_back(message(group, threaded));
  return out;
}

std::string button_value(const doc::Button& button) {
  return std::string(kActions.at(static_cast<std::size_t>(button.action))) + ":" +
         (button.paper.empty() ? button.subject : button.paper.str());
}

std::optional<doc::Button> read_button(std::string_view value) {
  auto colon = value.find(':');
  const auto* name = std::find(kActions.begin(), kActions.end(), value.substr(0, colon));
  if (name == kActions.end() || colon == std::string_view::npos) return std::nullopt;
  doc::Button out;
  out.action = static_cast<doc::Action>(name - kActions.begin());
  auto id = value.substr(colon + 1);
  if (id.empty()) return out;
  if (auto paper = PaperId::parse(id)) {
    out.paper = *paper;
    return out;
  }
  if (!adapters::is_subject(id)) return std::nullopt;
  out.subject = id;
  return out;
}

PaperId paper_in_buttons(const json& message) {
  std::set<PaperId> papers;
  const auto* blocks = member(message, {"blocks"});
  if (blocks == nullptr || !blocks->is_array()) return {};
  for (const auto& block : *blocks) {
    const auto* elements = member(block, {"elements"});
    if (elements == nullptr || !elements->is_array()) continue;
    for (const auto& element : *elements)
      if (auto button = read_button(text_at(element, {"value"})); button && !button->paper.empty())
        papers.insert(button->paper);
  }
  return papers.size() == 1 ? *papers.begin() : PaperId();
}

}  // namespace broadsheet::slack
