#include "adapters/telegram/render.hpp"

#include <algorithm>
#include <cassert>
#include <string>
#include <utility>

#include "adapters/common/choices.hpp"
#include "adapters/common/fit.hpp"
#include "adapters/telegram/layout.hpp"
#include "adapters/telegram/message.hpp"
#include "adapters/telegram/split.hpp"
#include "adapters/telegram/validate.hpp"
#include "bot/base/log.hpp"
#include "bot/base/text.hpp"

namespace broadsheet::telegram {
namespace {

using adapters::Part;
using adapters::RenderOptions;
using doc::Action;
using doc::Button;
using model::OutgoingMessage;
using model::PartKind;

constexpr std::size_t kInRow = 8;          // buttons that a phone shows side by side (contracts: Telegram 5)
constexpr std::size_t kMostRows = 2;       // spec: commands 5
constexpr std::size_t kLabel = 40;         // graphemes of a button
constexpr std::size_t kMostMessages = 6;   // of one answer; more is a wall, not an answer
constexpr std::size_t kMostOfDigest = 40;  // of an overview, which goes out with all that it lists

FormattedText text_of(const std::vector<Part>& pieces) {
  TextBuilder out;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const auto& piece = pieces[i];
    out.gap(2);
    if (i > 0 && piece.kind != pieces[i - 1].kind) out.raw("———\n\n");
    out.append(layout(piece.document));
  }
  return std::move(out).take();
}

// ---- Buttons --------------------------------------------------------------------------------------------------------

void collect_buttons(const doc::Blocks& blocks, std::vector<Button>& out) {
  for (const auto& block : blocks) {
    if (const auto* b = std::get_if<doc::Buttons>(&block)) out.insert(out.end(), b->buttons.begin(), b->buttons.end());
    if (const auto* c = std::get_if<doc::CardBlock>(&block)) collect_buttons(c->content, out);
    if (const auto* c = std::get_if<doc::Collapsible>(&block)) collect_buttons(c->content, out);
  }
}

// Every message that may need recovery has a button that is pressed, not followed: its data is how the message is found
// again (contracts: Telegram 9).
std::vector<Button> buttons_of(const Part& part, const RenderOptions& options) {
  std::vector<Button> out;
  collect_buttons(part.document.blocks, out);
  auto tracks = [](const Button& b) { return b.url.empty(); };
  if (part.kind != PartKind::reply && std::none_of(out.begin(), out.end(), tracks)) {
    auto usual = adapters::usual_choices(part, options);
    if (std::none_of(usual.begin(), usual.end(), tracks))
      usual.insert(usual.begin(), part.kind == PartKind::notice
                                      ? Button{Action::retry, "Check again", {}, {}, options.digest}
                                      : Button{Action::all_titles, "All titles", {}, {}, options.digest});
    out.insert(out.begin(), usual.begin(), usual.end());
  }
  std::erase_if(out, [](const Button& b) { return !b.url.empty() && !b.url.starts_with("https://"); });
  for (auto& b : out) b.label = text::ellipsize(text::collapse_space(clean(b.label)), kLabel);
  std::erase_if(out, [](const Button& b) { return b.label.empty(); });
  return out;
}

Keyboard in_rows(const std::vector<Button>& buttons) {
  if (buttons.empty()) return {};
  auto rows = buttons.size() <= 3 ? std::size_t{1} : kMostRows;
  auto width = std::min(kInRow, (buttons.size() + rows - 1) / rows);
  Keyboard out;
  for (std::size_t i = 0; i < buttons.size() && out.size() < rows; i += width)
    out.emplace_back(buttons.begin() + static_cast<std::ptrdiff_t>(i),
                     buttons.begin() + static_cast<std::ptrdiff_t>(std::min(i + width, buttons.size())));
  return out;
}

// One for each card, also where a card came apart.
void add_details(std::vector<Button>& details, const Part& piece) {
  if (!details.empty() && details.back().paper == piece.paper) return;
  auto label = piece.number == 0 ? std::string("Details") : "Details " + std::to_string(piece.number);
  details.push_back({Action::details, std::move(label), piece.paper, {}, {}});
}

// One part: its own buttons. Several: those of the first that is no card, and "Details" for each card by its number.
Keyboard keyboard_of(const std::vector<Part>& group, const RenderOptions& options) {
  std::vector<Button> first;
  std::vector<Button> details;
  for (const auto& piece : group) {
    bool several = group.size() > 1 && piece.kind == PartKind::card && !piece.paper.empty();
    if (several)
      add_details(details, piece);
    else if (first.empty())
      first = buttons_of(piece, options);
  }
  auto out = in_rows(first);
  constexpr std::size_t kWide = 4;  // "Details 12" in a row
  for (std::size_t i = 0; i < details.size() && out.size() < kMostRows; i += kWide)
    out.emplace_back(details.begin() + static_cast<std::ptrdiff_t>(i),
                     details.begin() + static_cast<std::ptrdiff_t>(std::min(i + kWide, details.size())));
  return out;
}

// ---- Messages -------------------------------------------------------------------------------------------------------

Part fitted(Part part) {
  // A card is one message; an overview or a list may go on in the next ones, so that nothing is lost.
  bool single = part.kind == PartKind::card || part.kind == PartKind::notice;
  auto most = single ? std::size_t{1} : part.kind == PartKind::summary ? kMostOfDigest : kMostMessages;
  part.document = adapters::fit(std::move(part.document), [&](const doc::Document& d) {
    auto text = layout(d);
    return fits(text) || (most > 1 && split(text).size() <= most);
  });
  return part;
}

void add_messages(std::vector<OutgoingMessage>& out, const std::vector<Part>& group, const RenderOptions& options) {
  auto text = text_of(group);
  auto parts = fits(text) ? std::vector<FormattedText>{text} : split(text);
  auto keyboard = keyboard_of(group, options);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].text.empty()) continue;
    if (auto checked = validate(parts[i]); !checked) {
      log::error("telegram.message_invalid", {{"why", checked.error().what()}});
      assert(false && "a message that the server would refuse");
      parts[i].entities.clear();
      if (!validate(parts[i])) continue;  // nothing to show
    }
    Content content;
    content.text = std::move(parts[i]);
    content.keyboard = keyboard;  // each message is tracked by its own key
    const auto& front = group.front();
    // One sound per digest, and none for a day that brings nothing.
    content.silent = options.silent || !out.empty() || front.kind == PartKind::notice;
    if (options.previews && group.size() == 1 && !front.paper.empty()) content.preview_url = abs_url({front.paper, 0});
    out.push_back({front.kind, false, body_of(content), content.text.text});
  }
}

// Whole digests in one document come apart between their cards, so that no message ends inside one (contracts:
// Telegram 3.6).
std::vector<Part> between_cards(const Part& part) {
  std::vector<Part> out{{part.kind, {}, part.paper, part.number}};
  for (const auto& block : part.document.blocks) {
    auto& blocks = out.back().document.blocks;
    bool card = std::holds_alternative<doc::CardBlock>(block);
    bool after_card = !blocks.empty() && std::holds_alternative<doc::CardBlock>(blocks.back());
    if (!blocks.empty() && (card || after_card)) out.push_back({part.kind, {}, part.paper, part.number});
    out.back().document.blocks.push_back(block);
  }
  return out;
}

}  // namespace

std::vector<OutgoingMessage> render(const std::vector<Part>& parts, const RenderOptions& options) {
  std::vector<std::vector<Part>> groups;
  auto add = [&](Part piece) {
    if (!groups.empty()) {
      auto& group = groups.back();
      bool apart = !options.combine && group.front().kind != piece.kind;
      group.push_back(piece);
      if (!apart && fits(text_of(group))) return;
      group.pop_back();
    }
    groups.push_back({std::move(piece)});
  };
  for (const auto& part : parts)
    for (auto& piece : between_cards(part)) add(fitted(std::move(piece)));
  std::vector<OutgoingMessage> out;
  for (const auto& group : groups) add_messages(out, group, options);
  return out;
}

}  // namespace broadsheet::telegram
